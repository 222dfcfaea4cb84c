import { expect, it } from 'vitest';

import { lintFix } from './lintFix';

const ON = 'on: { host: h, port: "1", database: d, role: r }';
const prose = (...lines: string[]) => lintFix('takes: 5m', ON, ...lines).filter((text) => text.startsWith('prose'));

it.each([
  "sql: 'VACUUM (ANALYZE) orders; (never FULL in an incident)'",
  "sql: 'SELECT … FROM orders;'",
  "shell: 'kubectl get pods -n <your namespace>'",
  "text: 'EXPLAIN the statement: SELECT 1'",
  "text: 'VACUUM (ANALYZE) orders;'",
  "text: 'Run kubectl get pods and look.'",
])('%s mixes words with a command', (command) => {
  expect(prose(command)).toHaveLength(1);
});

it.each([
  "sql: 'VACUUM (ANALYZE) orders;'",
  "shell: 'kubectl get pods -n shop'",
  "text: 'Ask for the next page by its key, instead of OFFSET.'",
])('%s does not', (command) => {
  expect(prose(command)).toEqual([]);
});
