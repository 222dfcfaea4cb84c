/** Signals and parameters: used, askable, without circles. */
import { refusal } from '../../bind';
import { compileFill, fill } from '../../fill';
import { fixSignals, fixTexts } from '../../fixing/reads';
import type { Pack, Param } from '../../model/pack';
import { namedSignals } from '../../rows';
import type { LoadedPack } from '../load';
import type { Report } from './report';

/** Finds the first syntax error of an expression; undefined when it is sound. Injected: a parser is heavy. */
export type QueryParser = (expr: string) => { readonly offset: number; readonly message: string } | undefined;

/** The parsers of the languages that are checked. */
export interface QueryParsers {
  readonly prometheus?: QueryParser | undefined;
  readonly loki?: QueryParser | undefined;
}

const LANGUAGE = { prometheus: 'promql', loki: 'logql' } as const;
const LANGUAGE_NAME = { prometheus: 'PromQL', loki: 'LogQL' } as const;

export function lintSignals({ pack, ownSignals }: LoadedPack, report: Report, parsers: QueryParsers): void {
  const used = usedSignals(pack);
  for (const id of ownSignals) {
    if (!used.has(id)) {
      report.error(
        `signal ${id}`,
        'unused-signal',
        `nothing uses the signal \`${id}\`: no symptom, no evidence, no fix, no sentence, no alert`
      );
    }
  }
  lintParams(pack, report);
  lintTrouble(pack, report);
  for (const signal of Object.values(pack.signals)) {
    if (reachesItself(pack, signal.id)) {
      report.error(
        `signal ${signal.id}`,
        'circle',
        `\`${signal.id}\` requires itself, through ${signal.requires.join(', ')}`,
        ['requires']
      );
    }
    if (signal.query.source === 'prometheus' || signal.query.source === 'loki') {
      const { source, expr } = signal.query;
      const { text } = fill(compileFill(expr, LANGUAGE[source]), ({ name }) => sample(pack.params[name]));
      const error = parsers[source]?.(text);
      if (error) {
        const near = text.slice(Math.max(0, error.offset - 20), error.offset + 20).replace(/\s+/g, ' ');
        report.error(
          `signal ${signal.id}`,
          LANGUAGE[source],
          `this is no ${LANGUAGE_NAME[source]}: ${error.message} near \`${near}\``,
          [source]
        );
      }
    }
  }
}

/** What is called trouble has to be judged on Triage and to lead to a runbook; only what would count can be denied. */
function lintTrouble(pack: Pack, report: Report): void {
  const judged = new Set(
    pack.runbooks.flatMap(({ symptoms, causes }) => [
      ...symptoms,
      ...causes.flatMap(({ evidence }) => evidence.map(({ signal }) => signal)),
    ])
  );
  for (const { id, test, trouble } of Object.values(pack.signals)) {
    if (trouble === true && !judged.has(id)) {
      report.error(
        `signal ${id}`,
        'trouble',
        `\`${id}\` is called trouble, and no runbook has it as a symptom or as evidence: nobody would say where to look`,
        ['trouble']
      );
    }
    if (trouble === false && !('critical' in test)) {
      report.error(
        `signal ${id}`,
        'trouble',
        `\`trouble: false\` says nothing here: \`${id}\` has no \`critical\` threshold`,
        ['trouble']
      );
    }
  }
}

/** Signals that something in the pack reads. */
export function usedSignals(pack: Pack): Set<string> {
  const used = new Set<string>();
  const inText = (text: string) => {
    for (const match of text.matchAll(/\{\{\s*([a-z][\w-]*)/g)) {
      used.add(match[1] ?? '');
    }
  };
  for (const runbook of pack.runbooks) {
    runbook.symptoms.forEach((id) => used.add(id));
    runbook.prevention.forEach(({ signal }) => used.add(signal));
    for (const cause of runbook.causes) {
      inText(cause.says);
      cause.evidence.forEach((item) => {
        [item.signal, ...namedSignals(item)].forEach((id) => used.add(id));
        inText(item.says ?? '');
      });
    }
    for (const fix of Object.values(runbook.fixes)) {
      fixSignals(fix).forEach((id) => used.add(id));
      fixTexts(fix).forEach(inText);
    }
  }
  for (const id of used) {
    const signal = pack.signals[id];
    signal?.requires.forEach((required) => used.add(required));
    for (const named of [signal?.recent, signal?.change?.onset, signal?.change?.contrast]) {
      if (named !== undefined) {
        used.add(named);
      }
    }
  }
  return used;
}

function lintParams(pack: Pack, report: Report): void {
  const everything = JSON.stringify(pack.signals) + JSON.stringify(pack.runbooks);
  for (const [name, param] of Object.entries(pack.params)) {
    const origin = `param ${name}`;
    if (param.pattern !== undefined && !isRegExp(param.pattern)) {
      report.error(origin, 'param', `the pattern of \`${name}\` is no regular expression`, ['pattern']);
      continue;
    }
    const wrong = param.default === undefined ? undefined : refusal(param, param.default);
    if (wrong !== undefined) {
      report.error(origin, 'param', `the default of \`${name}\` is not ${wrong}`, ['default']);
    }
    if (!new RegExp(`\\{\\{\\s*${name}\\s*[|}]`).test(everything)) {
      report.warning(origin, 'unused-param', `nothing uses the parameter \`${name}\``);
    }
  }
}

function isRegExp(pattern: string): boolean {
  try {
    new RegExp(`^(?:${pattern})$`, 'u');
    return true;
  } catch {
    return false;
  }
}

/** A value for a parameter, to see what a query becomes: its default, or what its kind looks like. */
export function sample(param: Param | undefined) {
  switch (param?.kind) {
    case undefined:
      return 'unknown';
    case 'duration':
      return { value: param.default ?? '5m', kind: param.kind };
    case 'metric':
      return { value: param.default ?? 'some_metric', kind: param.kind };
    case 'selector':
      return { value: param.default ?? 'job="some"', kind: param.kind };
    case 'number':
      return { value: param.default ?? '1', kind: param.kind };
    case 'value':
      return { value: param.default ?? 'some', kind: param.kind };
  }
}

function reachesItself(pack: Pack, start: string): boolean {
  const seen = new Set<string>();
  const queue = [...(pack.signals[start]?.requires ?? [])];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (id === start) {
      return true;
    }
    if (!seen.has(id)) {
      seen.add(id);
      queue.push(...(pack.signals[id]?.requires ?? []));
    }
  }
  return false;
}
