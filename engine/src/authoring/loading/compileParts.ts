/** One part as its author wrote it, in the full form of `model/pack.ts`. Names are resolved elsewhere. */
import type { Evidence, Fix, Param, Query, Signal } from '../../model/pack';
import { LANGUAGES, type AuthoredEvidence, type AuthoredFix, type AuthoredPack, type AuthoredSignal } from '../schema';

export function compileParam(param: AuthoredPack['params'][string]): Param {
  return {
    title: param.title,
    kind: param.kind,
    ...(param.label === undefined ? {} : { label: param.label }),
    ...(param.default === undefined ? {} : { default: param.default }),
    ...(param.pattern === undefined ? {} : { pattern: param.pattern }),
    ...(param.thing === undefined ? {} : { thing: param.thing }),
    required: param.required ?? param.default === undefined,
  };
}

/** Relative cost of asking: a log query reads far more than an instant one, and a person is dearest. */
const COST = { prometheus: 1, loki: 4, diagnostics: 1, alert: 1, combine: 1, manual: 20 } as const;

export function compileSignal(id: string, authored: AuthoredSignal): Signal {
  const query = compileQuery(authored);
  return {
    id,
    title: authored.title,
    query,
    test: authored.test ?? { above: 0 },
    unit: authored.unit,
    // The list of firing alerts is complete: one that is not in it does not fire.
    empty: authored.empty ?? (query.source === 'alert' ? 'absent' : 'unknown'),
    maxAge: authored.maxAge,
    ...(authored.viewOf === undefined ? {} : { viewOf: authored.viewOf }),
    ...(authored.recent === undefined ? {} : { recent: authored.recent }),
    ...(authored.change === undefined ? {} : { change: defined(authored.change) }),
    ...(authored.trouble === undefined ? {} : { trouble: authored.trouble }),
    ...(authored.effect === undefined ? {} : { effect: authored.effect }),
    ...(authored.own === true ? { own: true } : {}),
    requires: authored.requires,
    cost: authored.cost ?? COST[query.source],
    mend: authored.mend,
  };
}

function compileQuery(authored: AuthoredSignal): Query {
  const { prometheus, loki, diagnostics, alert, combine, manual } = authored;
  if (prometheus !== undefined) {
    return { source: 'prometheus', expr: prometheus };
  }
  if (loki !== undefined) {
    return { source: 'loki', expr: loki };
  }
  if (diagnostics !== undefined) {
    const { check: name, target, field, rows, where } = diagnostics;
    const read = rows === undefined ? { field: field ?? 'value' } : { rows, where: where ?? {} };
    return { source: 'diagnostics', check: name, target, read };
  }
  if (alert !== undefined) {
    return { source: 'alert', name: alert.name, labels: alert.labels };
  }
  if (combine !== undefined) {
    return { source: 'combine', expr: combine, of: authored.of ?? {}, floor: authored.floor ?? {} };
  }
  return { source: 'manual', ask: manual ?? '' };
}

export function compileEvidence(item: AuthoredEvidence): Evidence {
  const none = { band: 'none', sign: 1 } as const;
  return {
    signal: item.signal,
    present: item.present ?? none,
    absent: item.absent ?? none,
    ...(item.group === undefined ? {} : { group: item.group }),
    ...(item.says === undefined ? {} : { says: item.says }),
    ...(item.where === undefined ? {} : { where: item.where }),
    ...(item.proves === undefined ? {} : { proves: item.proves }),
    ...(item.lasting === undefined ? {} : { lasting: item.lasting }),
  };
}

export function compileFix(id: string, authored: AuthoredFix): Fix {
  const language = LANGUAGES.find((key) => authored[key] !== undefined) ?? 'text';
  const { sql: _sql, shell: _shell, promql: _promql, logql: _logql, redis: _redis, text: _text, ...rest } = authored;
  return { ...defined(rest), id, language, command: authored[language] ?? '' };
}

/** Without the keys that the author left out. */
function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}
