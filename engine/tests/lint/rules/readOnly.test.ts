import { expect, it } from 'vitest';

import { lintFix } from './lintFix';

const ON = 'on: { host: h, port: "1", database: d, role: r }';

it.each([
  'shell: kubectl delete pods --all -n shop',
  'shell: kubectl edit deployment/api -n shop',
  'shell: redis-cli -h h -p 1 BGSAVE',
  'shell: redis-cli -h h -p 1 SET a b',
  'shell: curl -X POST http://localhost',
  'shell: aws ecs update-service --service x',
  'sql: ANALYZE orders;',
  'sql: EXPLAIN (ANALYZE) SELECT 1;',
  'sql: SELECT pg_cancel_backend(1);',
])('%s is no reading', (command) => {
  expect(lintFix(command, ON, 'kind: read', 'risk: safe').join('\n')).toContain('read-only:');
});

it('lets reading be', () => {
  for (const command of [
    'shell: kubectl get pods -n shop; kubectl logs deployment/api -n shop | head',
    'shell: redis-cli -h h -p 1 INFO persistence',
    'shell: sleep 1 & pf=$!; kill $pf',
    'sql: SELECT n_dead_tup, last_analyze FROM pg_stat_user_tables;',
  ]) {
    expect(lintFix(command, ON, 'kind: read', 'risk: safe')).toEqual([]);
  }
});
