import { expect, it } from 'vitest';

import { lintFix } from './lintFix';

const ON = 'on: { host: h, port: "1", database: d, role: r }';
const targets = (...lines: string[]) =>
  lintFix('takes: 5m', ON, ...lines).filter((text) => text.startsWith('absolute-target'));

it.each([
  'shell: kubectl scale deployment/api -n shop --replicas=10',
  'shell: kubectl scale deployment/api -n shop --replicas {{ns}}',
  'shell: kubectl set resources deployment/api -n shop -c api --limits=memory=1Gi',
  'shell: kubectl set env deployment/api -n shop -c api WORKER_CONCURRENCY=20',
  'shell: redis-cli -h h -p 1 CONFIG SET maxmemory 2gb',
  'shell: redis-cli -h h -p 1 config set maxclients {{ns}}',
  'sql: ALTER ROLE app CONNECTION LIMIT 20;',
  'sql: ALTER SYSTEM SET max_connections = 500;',
])('%s may be less than what is there', (command) => {
  expect(targets(command)).toHaveLength(1);
});

it('lets a target be that is compared with the present value', () => {
  const scale = 'shell: kubectl scale deployment/api -n shop --replicas={{n}}';
  const inputs = 'inputs: { n: { title: N, kind: integer, default: 5 }, other: { title: O, kind: integer } }';
  expect(targets(scale, inputs)).toHaveLength(1);
  expect(targets(scale, inputs, 'changes: { from: replicas, to: other, must: rise }')).toHaveLength(1);
  expect(targets(scale, inputs, 'changes: { from: replicas, to: n, must: rise }')).toEqual([]);
});

it('lets kubectl itself refuse everything but the start of what is stopped', () => {
  expect(targets('shell: kubectl scale statefulset/pg -n shop --current-replicas=0 --replicas=1')).toEqual([]);
});
