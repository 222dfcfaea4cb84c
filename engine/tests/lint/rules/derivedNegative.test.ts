import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

/** A service that needs a database; the cause is at the service. */
const found = (evidence: string, cause = 'effects: [errors]', carries = '') =>
  lintRule('derived-negative', {
    pack: `components:
  api: { title: Api, dependsOn: [{ to: db${carries} }] }
  db: { title: Db }
  cache: { title: Cache }
`,
    signals: `it: { title: It, prometheus: x, test: { above: 0 }, effect: errors, at: api }
locks: { title: Locks, prometheus: y, test: { above: 0 }, effect: latency, at: db }
full: { title: Full, prometheus: z, test: { above: 0 }, effect: saturation, at: db }
lost: { title: Lost, prometheus: v, test: { above: 0 }, effect: errors, at: cache }
cold: { title: Cold, prometheus: w, test: { above: 0 } }
`,
    runbook: `of: api
causes:
  c: { title: C, says: C, ${cause}, evidence: [{ signal: it, present: strong }, ${evidence}], fixes: [] }
`,
  });

it('refuses that trouble at a dependency speaks against a cause', () => {
  expect(found('{ signal: locks, present: -strong }')).toEqual([
    expect.stringMatching(
      /^p\/r\.yaml:10:\d+: warning: `locks` shows trouble of `db`, on which `api` depends: that it speaks against `c` follows from the arrows/
    ),
  ]);
});

it('leaves what does not come over the arrows', () => {
  expect(found('{ signal: lost, present: -strong }')).toEqual([]);
  expect(found('{ signal: cold, present: -strong }')).toEqual([]);
  expect(found('{ signal: locks, present: -strong }', 'effects: [errors]', ', carries: [latency]')).toEqual([]);
});

it('leaves what tells a cause apart because part of its trouble cannot come from there', () => {
  expect(found('{ signal: full, present: -strong }', 'effects: [saturation, latency]')).toEqual([]);
});

it('leaves what speaks for a cause, and the weight of an absence', () => {
  expect(found('{ signal: locks, present: moderate, absent: -weak }')).toEqual([]);
});
