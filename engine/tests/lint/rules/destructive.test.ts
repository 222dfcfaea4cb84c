import { expect, it } from 'vitest';

import { lintFix } from './lintFix';

const ON = 'on: { host: h, port: "1", database: d, role: r }';

it('wants to hear what has to be known before something destructive', () => {
  const drop = ['sql: DROP TABLE orders;', ON, 'risk: destructive'];
  expect(lintFix(...drop).join()).toContain('destructive: `f` is destructive: give it a confirm');
  expect(lintFix(...drop, 'confirm: Is there a backup?')).toEqual([]);
});

it('wants to hear what is lost when sessions are ended without naming one', () => {
  const all = "sql: SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle';";
  expect(lintFix(all, ON).join()).toContain('without naming one');
  expect(lintFix(all, ON, 'rollback: pools reconnect')).toEqual([]);
  expect(lintFix('sql: SELECT pg_terminate_backend({{replicas.pid}});', ON)).toEqual([]);
});
