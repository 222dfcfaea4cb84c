import { expect, it } from 'vitest';

import { lintRule } from '../../../engine/tests/lint/rules/lintRule';
import { parseSql } from '../../src/sql';

const sql = (command: string, inputs = '') =>
  lintRule(
    'sql-syntax',
    {
      signals: 'it: { title: It, diagnostics: { check: postgres.blocking, target: x, rows: roots } }\n',
      runbook: `causes:
  c: { title: C, says: C, evidence: [{ signal: it, present: strong }], fixes: [f] }
fixes:
  f:
    title: F
    kind: read
    risk: safe
    reach: nothing
    sql: ${JSON.stringify(command)}
${inputs}`,
    },
    { parseSql }
  );

it.each([
  ["SELEC * FORM x WHERE a = 'b'", 'syntax error at or near "SELEC"'],
  ["SELECT * FROM x WHERE state = 'idle", 'unterminated quoted string'],
  ['SELECT count(* FROM x', 'near `SELECT count(* FROM x`'],
  ['VACUUM (ANALYZE) orders (never FULL in an incident)', 'syntax error'],
  ['\\d orders', 'syntax error'],
  ['-- nothing yet', 'it holds no statement'],
  ['ALTER ROLE app CONNECTION LIMIT {{it.application}}', 'near'],
])('refuses %s', (command, says) => {
  expect(sql(command)).toEqual([expect.stringMatching(/^p\/r\.yaml:16:10: error: this is no SQL: \S/)]);
  expect(sql(command).join()).toContain(says);
});

it.each([
  'SELECT pg_terminate_backend({{it.pid}});',
  "SELECT * FROM pg_stat_activity WHERE application_name = '{{it.application}}' AND pid <> {{it.pid}}",
  'VACUUM (ANALYZE) {{it.application | ident}};',
  'ALTER ROLE {{it.application | role}} CONNECTION LIMIT {{it.pid}};',
  "SELECT 'REINDEX TABLE ' || relname FROM pg_class \\gexec\nSELECT 1",
  "EXPLAIN (GENERIC_PLAN) SELECT $1; SET lock_timeout = '2s';",
])('leaves alone %s', (command) => {
  expect(sql(command)).toEqual([]);
});

it('fills an input with what a person may type into it', () => {
  const inputs = '    inputs: { keys: { title: K, kind: columns }, limit: { title: L, kind: integer } }\n';
  expect(sql('CREATE INDEX CONCURRENTLY ON orders ({{keys}})', inputs)).toEqual([]);
  expect(sql('ALTER ROLE app CONNECTION LIMIT {{limit}}', inputs)).toEqual([]);
});

it('leaves a placeholder that has no value to its own rule', () => {
  expect(sql('SELECT {{nothing}}')).toEqual([]);
});
