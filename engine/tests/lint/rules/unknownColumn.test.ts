import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const SIGNALS = `it: { title: It, diagnostics: { check: postgres.blocking, target: x, rows: roots } }\n`;
const cause = (says: string, evidence = '') =>
  lintRule('unknown-column', {
    signals: SIGNALS,
    runbook: `causes:\n  c: { title: C, says: "${says}", evidence: [{ signal: it, present: strong${evidence} }], fixes: [] }\n`,
  });

it('refuses a condition of a query on a column that the table does not have', () => {
  const where = (column: string) =>
    lintRule('unknown-column', {
      signals: `it: { title: It, diagnostics: { check: postgres.blocking, target: x, rows: roots, where: { ${column}: { above: 1 } } } }\n`,
    }).join();
  expect(where('idleSecond')).toContain('did you mean `idleSeconds`?');
  expect(where('idleSeconds')).toBe('');
});

it('of a check with configured names, leaves alone only the table that they are in', () => {
  const where = (rows: string) =>
    lintRule('unknown-column', {
      signals: `it: { title: It, diagnostics: { check: postgres.queries, target: x, rows: ${rows}, where: { tenant: a } } }\n`,
    }).join();
  expect(where('queries')).toContain('the column `tenant` does not exist');
  expect(where('results')).toBe('');
});

it('refuses a sentence that names it, by itself or in a list', () => {
  expect(cause('{{it.pdi}} holds it').join()).toMatch(/^p\/r\.yaml:9:\d+: error: the column `pdi` does not exist/);
  expect(cause('{{it | list(pdi)}} hold it')).toHaveLength(1);
  expect(cause('{{it.pid}} and {{it | list(kind)}}')).toEqual([]);
});

it('refuses evidence on it; `value` is what the outcome itself measures', () => {
  expect(cause('C', ', where: { idle: { above: 1 } }')).toHaveLength(1);
  expect(cause('C', ', proves: { idle: { above: 1 } }')).toHaveLength(1);
  expect(cause('C', ', where: { pid: { namedIn: [it.nobody] } }').join()).toContain('`nobody`');
  expect(cause('C', ', where: { idleSeconds: { above: 1 }, value: { above: 3 } }')).toEqual([]);
});

it('refuses a change that is measured by it', () => {
  const fix = (from: string) =>
    lintRule('unknown-column', {
      signals: SIGNALS,
      runbook: `causes:
  c: { title: C, says: C, evidence: [{ signal: it, present: strong }], fixes: [f] }
fixes:
  f: { title: F, kind: mitigate, risk: reversible, reach: x, unverified: x, shell: 'echo {{n}}', inputs: { n: { title: N, kind: integer } }, changes: { from: ${from}, to: n, must: rise } }
`,
    });
  expect(fix('it.pids').join()).toContain('`pids`');
  expect(fix('it.pid')).toEqual([]);
});
