import type { Cause, Evidence, Fix, Outcome, OutcomeMap, Pack, Param, Runbook, Signal } from '../src/index';

/** The moment at which the tests take place. */
export const NOW = 1_700_000_000_000;

type BandText = `${'' | '-'}${Evidence['present']['band']}`;

function band(text: BandText): Evidence['present'] {
  const [, minus, word] = /^(-?)(.*)$/.exec(text) ?? [];
  return { band: word as Evidence['present']['band'], sign: minus === '-' ? -1 : 1 };
}

export function evidence(
  signal: string,
  present: BandText,
  absent: BandText = 'none',
  more: Partial<Evidence> = {}
): Evidence {
  return { signal, present: band(present), absent: band(absent), ...more };
}

export function cause(id: string, items: readonly Evidence[], more: Partial<Cause> = {}): Cause {
  return {
    id,
    identity: `p/r/${id}`,
    title: `Title of ${id}`,
    says: `It is ${id}`,
    prior: 'usual',
    evidence: items,
    explains: [],
    lookAlikes: [],
    dont: [],
    fixes: [],
    ...more,
  };
}

export function runbook(
  id: string,
  symptoms: readonly string[],
  causes: readonly Cause[],
  more: Partial<Runbook> = {}
): Runbook {
  return {
    id,
    pack: 'p',
    title: `Runbook ${id}`,
    summary: '',
    covers: [],
    area: 'a',
    service: 's',
    severity: 'critical',
    alerts: [],
    symptoms,
    causes,
    fixes: {},
    prevention: [],
    corrections: [],
    escalate: '',
    tests: [],
    ...more,
  };
}

export function signal(id: string, more: Partial<Signal> = {}): Signal {
  return {
    id,
    title: `Signal ${id}`,
    query: { source: 'prometheus', expr: `metric_${id.replaceAll('-', '_')}` },
    test: { above: 0 },
    unit: 'short',
    empty: 'unknown',
    maxAge: 300,
    requires: [],
    cost: 1,
    mend: {},
    ...more,
  };
}

export function fix(id: string, more: Partial<Fix> = {}): Fix {
  return {
    id,
    title: id,
    kind: 'mitigate',
    risk: 'reversible',
    language: 'sql',
    command: 'SELECT 1',
    inputs: {},
    when: [],
    unless: [],
    reach: 'nothing',
    soonest: 2,
    takes: 0,
    ...more,
  };
}

/** A pack of runbooks; every signal that they name exists, as given in `signals` or plain. */
export function pack(
  runbooks: readonly Runbook[],
  signals: readonly Signal[] = [],
  params: Record<string, Param> = {}
): Pack {
  const all: Record<string, Signal> = {};
  for (const { symptoms, causes } of runbooks) {
    for (const id of [...symptoms, ...causes.flatMap(({ evidence: items }) => items.map((item) => item.signal))]) {
      all[id] = signal(id);
    }
  }
  signals.forEach((item) => (all[item.id] = item));
  return { id: 'p', title: 'P', description: '', format: 1, params, signals: all, runbooks };
}

export function present(id: string, more: Partial<Outcome> = {}): Outcome {
  return { signal: id, state: 'present', rows: [], askedAt: NOW, tookMs: 1, ...more };
}

export function absent(id: string, more: Partial<Outcome> = {}): Outcome {
  return { signal: id, state: 'absent', rows: [], askedAt: NOW, tookMs: 1, ...more };
}

export function unknown(id: string, more: Partial<Outcome> = {}): Outcome {
  return { signal: id, state: 'unknown', reason: 'timeout', rows: [], askedAt: NOW, tookMs: 1, ...more };
}

export function outcomes(...list: readonly Outcome[]): OutcomeMap {
  return new Map(list.map((outcome) => [`p/${outcome.signal}`, outcome]));
}
