import { expect, it } from 'vitest';

import { lintFix } from './lintFix';

const ON = 'on: { host: h, port: "1", database: d, role: r }';

it.each([
  ['shell: redis-cli -h h -p 1 FLUSHALL', 'flushes Redis, so its risk is destructive'],
  ['shell: redis-cli -h h -p 1 DEL queue', 'deletes keys'],
  ["shell: redis-cli -h h -p 1 --scan --pattern '*' | xargs -L 100 redis-cli -h h -p 1 DEL", 'deletes keys'],
  ['shell: redis-cli -h h -p 1 LTRIM queue 0 9', 'deletes keys'],
  ['shell: redis-cli -h h -p 1 SCRIPT FLUSH', 'flushes Redis'],
  ["sql: SELECT pg_drop_replication_slot('replica');", 'drops data'],
  ['sql: DROP SUBSCRIPTION orders;', 'drops data'],
  ['sql: DROP TABLE orders;', 'drops data'],
  ['sql: DELETE FROM orders;', 'deletes rows'],
  ['sql: TRUNCATE orders;', 'deletes rows'],
  ["sql: ROLLBACK PREPARED 'x';", 'discards a prepared transaction'],
  ['shell: aws sqs purge-queue --queue-url x', 'purges or deletes a queue'],
  ['shell: kubectl delete pvc data -n shop', 'deletes what Kubernetes does not make anew'],
  ['shell: rm -rf /var/lib/postgresql', 'deletes files'],
  ['shell: find /var/lib -name core -delete', 'deletes files'],
])('%s is destructive, whatever its author says', (command, message) => {
  const lines = [command, ON, 'takes: 5m'];
  expect(lintFix(...lines, 'risk: reversible').join('\n')).toContain(message);
  expect(lintFix(...lines, 'risk: destructive', 'confirm: Sure?').join('\n')).not.toContain('risk:');
});

it.each([
  ['shell: kubectl delete pod api-0 -n shop', 'deletes pods'],
  ['shell: kubectl drain node-1 -n shop', 'drains a node'],
  ['shell: kubectl rollout restart deployment/api -n shop', 'restarts or rolls out pods'],
  ['shell: sudo systemctl restart postgresql', 'restarts a service'],
  ['shell: docker restart postgres', 'restarts a service'],
  ['shell: redis-cli -h h -p 1 SHUTDOWN', 'restarts a service'],
  ['shell: pkill -f gorax-api', 'ends processes'],
  ['sql: VACUUM FULL orders;', 'locks a table while it works'],
  ['sql: CREATE INDEX ON orders (id);', 'locks a table while it works'],
  ['sql: REINDEX TABLE orders;', 'locks a table while it works'],
  ['sql: SELECT pg_terminate_backend(pid) FROM pg_stat_activity;', 'ends or cancels sessions'],
  ['shell: redis-cli -h h -p 1 BGSAVE', 'forks Redis'],
  ['shell: redis-cli -h h -p 1 CONFIG SET appendonly no', 'changes settings of a server'],
  ['sql: ALTER ROLE x CONNECTION LIMIT 3;', 'changes settings of a server'],
])('%s is never safe', (command, message) => {
  const lines = [command, ON, 'takes: 5m', 'rollback: none'];
  expect(lintFix(...lines, 'risk: safe').join('\n')).toContain(`${message}, so its risk is not safe`);
  expect(lintFix(...lines, 'risk: reversible').join('\n')).not.toContain('risk:');
});

it('wants what only reads to be safe', () => {
  expect(lintFix('sql: SELECT 1;', ON, 'kind: read', 'risk: reversible').join()).toContain('its risk is safe');
});
