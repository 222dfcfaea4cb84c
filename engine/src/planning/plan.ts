import { addTo } from '../addTo';
import { compiled } from '../compiled/compiled';
import { compileFill, fill, type FillTemplate } from '../quoting/fill';
import type { BoundPack } from '../model/bound';
import type { Pack, Query, Signal } from '../model/pack';
import type { Plan, PlannedQuery, PlannedRequest } from '../model/plan';
import { COMPONENTS_A_QUERY, scopeOf, vectorScope, type Identity } from './vector';
import type { Placeholder } from '../wording/template';

/**
 * How many queries one request may carry: the one place that says so. Prometheus evaluates ten of a request at a time; Loki
 * goes through them one after the other, and they share a deadline, so its groups are small.
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
  const queries = new Map<string, PlannedQuery & { signals: string[]; cost: number }>();
  const add = (asked: Asked, cost: number, keys: readonly string[]) => {
    const question = JSON.stringify([asked.source, asked.expr, asked.target ?? '', asked.check ?? '']);
    const known = queries.get(question);
    if (known) {
      known.signals.push(...keys);
      known.cost = Math.min(known.cost, cost);
    } else {
      queries.set(question, { id: queryId(question), ...asked, cost, signals: [...keys] });
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
      const { scope, ...asked } = found;
      const identity = scope === undefined ? undefined : bound.identities?.[scope];
      if (identity === undefined) {
        add(asked, signal.cost, [key]);
      } else {
        addTo(vectors, `${asked.source} ${asked.expr}`, { asked, identity, cost: signal.cost, key });
      }
    }
  }
  for (const alike of vectors.values()) {
    askTogether(alike, add);
  }
  const distinct = [...queries.values()];
  return { queries: distinct, requests: group(distinct), unplanned };
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

type Asked = Pick<PlannedQuery, 'source' | 'expr' | 'target' | 'check'>;
/** A question of one component that others ask alike: its text holds `ALL` where the components are picked. */
interface Vector {
  readonly asked: Asked;
  readonly identity: Identity;
  readonly cost: number;
  readonly key: string;
}

/** Stands where the matchers of the scope will; no PromQL and no LogQL holds it. */
const ALL = '\u0001';

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
        { ...first.asked, expr: first.asked.expr.replaceAll(ALL, scope) },
        cost,
        readers.map(({ key }) => key)
      );
    }
  }
}
type NotAsked = { reason: 'not-configured' | 'not-applicable'; mend: string };

const templates = new WeakMap<Query, FillTemplate>();

/** The question of a signal; with the scope by which it can be asked for many components, if it can. */
function bindQuery(bound: BoundPack, signal: Signal): (Asked & { readonly scope?: string }) | NotAsked {
  const { query } = signal;
  if (query.source === 'manual') {
    return { reason: 'not-configured', mend: query.ask };
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
  const { text, missing } = fill(template, (placeholder) => {
    const found = paramValue(bound, placeholder);
    const isPicked = placeholder.name === scope && placeholder.filters.length === 0 && typeof found !== 'string';
    return isPicked ? { ...found, value: ALL } : found;
  });
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
  return query.source === 'diagnostics'
    ? { source: 'diagnostics', expr: '', target: text, check: query.check }
    : { source: query.source, expr: withoutEmptyBy(text), ...(scope === undefined ? {} : { scope }) };
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

function group(queries: readonly PlannedQuery[]): PlannedRequest[] {
  const lanes = new Map<string, PlannedQuery[]>();
  for (const query of queries) {
    const lane = query.source === 'diagnostics' ? `diagnostics ${query.target ?? ''}` : query.source;
    addTo(lanes, lane, query);
  }
  return [...lanes.values()].flatMap((lane) => {
    const first = lane[0];
    if (first === undefined) {
      return [];
    }
    // Groups of even size: 21 queries are 11 and 10, not 20 and 1.
    const count = Math.ceil(lane.length / GROUP_SIZE[first.source]);
    const size = Math.ceil(lane.length / count);
    return Array.from({ length: count }, (_, index): PlannedRequest => ({
      source: first.source,
      ...(first.target === undefined ? {} : { target: first.target }),
      queries: lane.slice(index * size, (index + 1) * size),
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
