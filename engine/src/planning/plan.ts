import { addTo } from '../addTo';
import { compiled } from '../compiled/compiled';
import { compileFill, fill, type Filled, type FillTemplate } from '../quoting/fill';
import type { BoundPack } from '../model/bound';
import type { Pack, Query, Signal } from '../model/pack';
import type { Plan, PlannedQuery, PlannedRequest } from '../model/plan';
import { COMPONENTS_A_QUERY, scopeOf, vectorScope, type Identity } from './vector';
import type { Placeholder } from '../wording/template';

/**
 * How many questions one request may carry: the one place that says so. Prometheus evaluates ten of a request at a time; Loki
 * goes through them one after the other, and they share a deadline, so its groups are small. A question that is asked of many
 * components is one, however many queries it takes: the number of requests does not grow with the number of components.
 */
const GROUP_SIZE: Readonly<Record<PlannedQuery['source'], number>> = {
  prometheus: 100,
  loki: 8,
  diagnostics: 100,
  alert: 100,
};

/**
 * The distinct questions behind the packs' signals, grouped into few requests. One question that several signals or
 * packs ask is asked once. `only` narrows to runbooks (`<runbook>` or `<pack>/<runbook>`, with everything that their
 * pages need) and signals (`<signal>` or `<pack>/<signal>`); without it every signal is planned.
 */
export function plan(
  bounds: readonly BoundPack[],
  only?: { runbooks?: readonly string[]; signals?: readonly string[] }
): Plan {
  const queries = new Map<string, Planned>();
  const add = (asked: Asked, cost: number, keys: readonly string[], together = '') => {
    const question = JSON.stringify([asked.source, asked.expr, asked.target ?? '', asked.check ?? '']);
    const known = queries.get(question);
    if (known) {
      known.query.signals.push(...keys);
      known.query.cost = Math.min(known.query.cost, cost);
    } else {
      const query = { id: queryId(question), ...asked, cost, signals: [...keys] };
      queries.set(question, { query, together: together === '' ? question : together });
    }
  };
  const vectors = new Map<string, Vector[]>();
  const unplanned: Array<Plan['unplanned'][number]> = [];
  for (const bound of bounds) {
    const chosen = choose(bound.pack, only);
    for (const { signal, key } of compiled(bound.pack).signals.values()) {
      if (!chosen(signal.id)) {
        continue;
      }
      const found = bindQuery(bound, signal);
      if ('mend' in found) {
        unplanned.push({ signal: key, ...found });
        continue;
      }
      const { together, ...asked } = found;
      if (together === undefined) {
        add(asked, signal.cost, [key]);
      } else {
        addTo(vectors, `${asked.source} ${together.alike}`, { asked, ...together, cost: signal.cost, key });
      }
    }
  }
  for (const [name, alike] of vectors) {
    askTogether(alike, (asked, cost, keys) => add(asked, cost, keys, name));
  }
  const planned = [...queries.values()];
  return { queries: planned.map(({ query }) => query), requests: group(planned), unplanned };
}

function choose(
  pack: Pack,
  only: { runbooks?: readonly string[]; signals?: readonly string[] } | undefined
): (id: string) => boolean {
  if (only?.runbooks === undefined && only?.signals === undefined) {
    return () => true;
  }
  const names = (list: readonly string[] | undefined, id: string) =>
    list?.some((name) => name === id || name === `${pack.id}/${id}`) ?? false;
  const wanted = new Set<string>();
  for (const [id, { asks }] of compiled(pack).runbooks) {
    if (names(only.runbooks, id)) {
      asks.forEach((signal) => wanted.add(signal));
    }
  }
  return (id) => wanted.has(id) || names(only.signals, id);
}

/** A query while its readers are gathered. */
interface Planned {
  readonly query: PlannedQuery & { signals: string[]; cost: number };
  /** The same for queries that are one question, asked for a hundred components at a time. */
  readonly together: string;
}

type Asked = Pick<PlannedQuery, 'source' | 'expr' | 'target' | 'check'>;
/** How a question of one component is asked together with those of others. */
interface Together {
  readonly identity: Identity;
  /** Its text without what picks the component: questions of which it is the same are one. */
  readonly alike: string;
  /** Its text for the components that these matchers pick. */
  readonly exprOf: (scope: string) => string;
}
interface Vector extends Together {
  readonly asked: Asked;
  readonly cost: number;
  readonly key: string;
}

/** One query for each hundred components that ask alike. */
function askTogether(
  alike: readonly Vector[],
  add: (asked: Asked, cost: number, keys: readonly string[]) => void
): void {
  const byComponent = new Map<string, Vector[]>();
  alike.forEach((reader) => addTo(byComponent, JSON.stringify(reader.identity), reader));
  const components = [...byComponent.values()];
  for (let from = 0; from < components.length; from += COMPONENTS_A_QUERY) {
    const readers = components.slice(from, from + COMPONENTS_A_QUERY).flat();
    const [first] = readers;
    if (first !== undefined) {
      const scope = scopeOf(readers.map(({ identity }) => identity));
      const cost = Math.min(...readers.map((reader) => reader.cost));
      add(
        { ...first.asked, expr: first.exprOf(scope) },
        cost,
        readers.map(({ key }) => key)
      );
    }
  }
}
type NotAsked = { reason: 'not-configured' | 'not-applicable'; mend: string };

const templates = new WeakMap<Query, FillTemplate>();

/** The question of a signal, and how it can be asked for many components, if it can. */
function bindQuery(bound: BoundPack, signal: Signal): (Asked & { readonly together?: Together }) | NotAsked {
  const { query } = signal;
  if (query.source === 'manual') {
    return { reason: 'not-configured', mend: query.ask };
  }
  if (query.source === 'combine') {
    // Made of outcomes when they are there.
    return { reason: 'not-applicable', mend: '' };
  }
  if (query.source === 'alert') {
    return { source: 'alert', expr: '' };
  }
  let template = templates.get(query);
  if (template === undefined) {
    template =
      query.source === 'diagnostics'
        ? compileFill(query.target, 'text')
        : compileFill(query.expr, query.source === 'prometheus' ? 'promql' : 'logql');
    templates.set(query, template);
  }
  const scope = vectorScope(bound, query);
  const identity = scope === undefined ? undefined : bound.identities?.[scope];
  const filled = filler(template, bound, scope);
  const { text, missing } = filled(identity === undefined ? undefined : scopeOf([ofNobody(identity)]));
  const first = missing[0];
  if (first !== undefined) {
    const problem = bound.problems[first.placeholder];
    return {
      reason: 'not-configured',
      mend:
        signal.mend['not-configured'] ??
        (problem === undefined
          ? `The parameter ${first.placeholder}: ${first.why}.`
          : `${problem.message} ${problem.mend}`),
    };
  }
  if (query.source === 'diagnostics') {
    return { source: 'diagnostics', expr: '', target: text, check: query.check };
  }
  const expr = withoutEmptyBy(text);
  return identity === undefined
    ? { source: query.source, expr }
    : { source: query.source, expr, together: { identity, alike: expr, exprOf: (matchers) => filled(matchers).text } };
}

/** Fills a template with the values of a pack; with other matchers in place of the scope's, where they are given. */
function filler(template: FillTemplate, bound: BoundPack, scope: string | undefined) {
  return (matchers: string | undefined): Filled =>
    fill(template, (placeholder) => {
      const found = paramValue(bound, placeholder);
      return matchers !== undefined && placeholder.name === scope && typeof found !== 'string'
        ? { ...found, value: matchers }
        : found;
    });
}

/** The same labels without a value: in whose place any component stands. */
function ofNobody(identity: Identity): Identity {
  return Object.fromEntries(Object.keys(identity).map((label) => [label, '']));
}

/** Where a scope picks one thing there are no labels to keep: `sum by () (x)` is `sum(x)`. */
function withoutEmptyBy(expr: string): string {
  return expr.replaceAll(/ by \(\) ?/g, '');
}

/** The parameter by whose name a pack knows how often Prometheus scrapes. */
export const SCRAPE = 'scrape';

/** A parameter's value for a query or a command, or why there is none. */
export function paramValue(bound: BoundPack, { name }: Placeholder) {
  const value = Object.hasOwn(bound.values, name) ? bound.values[name] : undefined;
  const param = Object.hasOwn(bound.pack.params, name) ? bound.pack.params[name] : undefined;
  if (value === undefined || param === undefined) {
    return bound.problems[name]?.message ?? 'it has no value';
  }
  const scrape = param.kind === 'duration' ? bound.values[SCRAPE] : undefined;
  return {
    value,
    kind: param.kind,
    ...(scrape === undefined ? {} : { scrape }),
    ...(param.identity === undefined ? {} : { identity: param.identity }),
  };
}

function group(planned: readonly Planned[]): PlannedRequest[] {
  const lanes = new Map<string, Map<string, PlannedQuery[]>>();
  for (const { query, together } of planned) {
    const name = query.source === 'diagnostics' ? `diagnostics ${query.target ?? ''}` : query.source;
    const lane = lanes.get(name) ?? new Map<string, PlannedQuery[]>();
    lanes.set(name, lane);
    addTo(lane, together, query);
  }
  return [...lanes.values()].flatMap((lane) => {
    const questions = [...lane.values()];
    const first = questions[0]?.[0];
    if (first === undefined) {
      return [];
    }
    // Groups of even size: 21 questions are 11 and 10, not 20 and 1.
    const count = Math.ceil(questions.length / GROUP_SIZE[first.source]);
    const size = Math.ceil(questions.length / count);
    return Array.from({ length: count }, (_, index): PlannedRequest => ({
      source: first.source,
      ...(first.target === undefined ? {} : { target: first.target }),
      queries: questions.slice(index * size, (index + 1) * size).flat(),
    })).filter((request) => request.queries.length > 0);
  });
}

/** A name that depends on the question alone: 53 bits of its hash, usable as a Grafana refId. */
function queryId(question: string): string {
  let h1 = 0xdeadbeef;
  let h2 = 0x41c6ce57;
  for (let index = 0; index < question.length; index++) {
    const code = question.charCodeAt(index);
    h1 = Math.imul(h1 ^ code, 2_654_435_761);
    h2 = Math.imul(h2 ^ code, 1_597_334_677);
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2_246_822_507) ^ Math.imul(h2 ^ (h2 >>> 13), 3_266_489_909);
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2_246_822_507) ^ Math.imul(h1 ^ (h1 >>> 13), 3_266_489_909);
  return `q${(4_294_967_296 * (2_097_151 & h2) + (h1 >>> 0)).toString(36)}`;
}
