import type { Evidence, Pack, Reading, Runbook, Signal } from '../../engine/src/index';

/** A repeatable stream of numbers in [0, 1). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

/**
 * A pack of `runbooks` × `signals`, shaped like the real ones: half a dozen causes a runbook, five pieces of evidence a
 * cause, groups, sentences with facts, edges between runbooks; a third of the signals present, a tenth unknown.
 */
export function makeEstate(runbooks: number, signals: number): { pack: Pack; read: (query: string) => Reading } {
  const next = numbers(7);
  const pick = (count: number) => Math.floor(next() * count);
  const perRunbook = signals / runbooks;
  const made: Record<string, Signal> = {};
  for (let index = 0; index < signals; index++) {
    const id = `signal-${index}`;
    made[id] = {
      id,
      title: `Signal ${index}`,
      query:
        index % 3 === 0
          ? {
              source: 'diagnostics',
              check: `postgres.check_${index % 20}`,
              target: '{{postgres}}',
              read: { rows: 'rows', where: { state: { is: 'idle' } } },
            }
          : { source: 'prometheus', expr: `rate(metric_${index}{job="{{job}}"}[{{window}}])` },
      test: { above: 0, critical: 5 },
      unit: 'short',
      empty: 'unknown',
      maxAge: 300,
      requires: [],
      cost: 1,
      mend: {},
    };
  }
  const bands = ['decisive', 'strong', 'moderate', 'weak'] as const;
  const books = Array.from({ length: runbooks }, (_, book): Runbook => {
    const own = (offset: number) => `signal-${(book * perRunbook + (offset % perRunbook)) % signals}`;
    return {
      id: `runbook-${book}`,
      pack: 'bench',
      title: `Runbook ${book}`,
      summary: '',
      covers: [],
      area: 'a',
      service: 's',
      severity: 'critical',
      alerts: [],
      symptoms: [own(0), own(1)],
      causes: Array.from({ length: 6 }, (__, cause) => ({
        id: `cause-${cause}`,
        identity: cause === 0 ? `common/cause-${book % 10}` : `bench/runbook-${book}/cause-${cause}`,
        title: `Cause ${cause} of ${book}`,
        says: `{{${own(cause)} | count}} sessions wait[[ behind {{${own(cause)}.pid}}]][[ of {{${own(cause)}.application}}]]`,
        prior: 'usual' as const,
        evidence: Array.from({ length: 5 }, (___, item): Evidence => ({
          signal: item < 4 ? own(cause + item + 1) : `signal-${pick(signals)}`,
          present: { band: bands[pick(4)] ?? 'weak', sign: next() < 0.8 ? 1 : -1 },
          absent: { band: bands[1 + pick(3)] ?? 'weak', sign: -1 },
          ...(item < 2 ? { group: 'g', says: `{{${own(cause + item + 1)}}} of it` } : {}),
        })).filter((item, index, list) => list.findIndex(({ signal }) => signal === item.signal) === index),
        explains: [`runbook-${(book + 1) % runbooks}`, `*:runbook-${(book + 7) % runbooks}/cause-2`],
        lookAlikes: [],
        dont: [],
        fixes: [],
      })),
      fixes: {},
      prevention: [],
      corrections: [],
      escalate: '',
      tests: [],
    };
  });
  const pack: Pack = {
    id: 'bench',
    title: 'Bench',
    description: '',
    format: 1,
    params: {
      window: { title: 'w', kind: 'duration', default: '5m', required: false },
      job: { title: 'j', kind: 'value', default: 'api', required: false },
      postgres: { title: 'p', kind: 'value', default: 'pg', required: false },
    },
    signals: made,
    runbooks: books,
  };
  const read = (source: string): Reading => {
    const base = { askedAt: 1_000_000, tookMs: 1 };
    if (next() < 0.1) {
      return { kind: 'failure', reason: 'timeout', detail: 'no answer in time', mend: 'ask again', ...base };
    }
    if (source === 'diagnostics') {
      const rows = Array.from({ length: pick(5) }, () => ({
        pid: pick(9999),
        application: 'api',
        state: next() < 0.3 ? 'idle' : 'active',
      }));
      return {
        kind: 'check',
        check: {
          id: 'c',
          title: 'c',
          state: 'ok',
          summary: '',
          value: 1,
          unit: 'short',
          threshold: null,
          fields: {},
          rows: { rows },
          since: 500_000,
          ...base,
        },
        ...base,
      };
    }
    return { kind: 'samples', samples: [{ value: next() < 0.3 ? pick(20) : 0, labels: { instance: 'a' } }], ...base };
  };
  return { pack, read };
}
