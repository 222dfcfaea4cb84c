import { expect, it } from 'vitest';

import { lintFix } from './lintFix';

const read = (...lines: string[]) => lintFix(...lines, 'kind: read', 'risk: safe').join('\n');

it.each([
  ['shell: kubectl get pods', 'namespace (-n)'],
  ['shell: kubectl get pods -n {{ns}}; kubectl logs deployment/api', 'namespace (-n): `kubectl logs'],
  ['shell: pg_isready -h x && kubectl get pods | head', 'namespace (-n)'],
  ['shell: kubectl logs -l app=api -n {{ns}}', 'container (-c)'],
  ['shell: sudo kubectl get pods', 'namespace (-n)'],
  ['shell: echo api-0 | xargs -r kubectl delete pod', 'namespace (-n)'],
  ['shell: PGPASSFILE=x timeout 5 psql -p 1 -c "SELECT 1"', 'host (-h)'],
  ['shell: redis-cli INFO', 'host (-h)'],
  ['shell: redis-cli -h x INFO', 'port (-p)'],
  ['shell: psql -p 5432 -c "SELECT 1"', 'host (-h)'],
  ['sql: SELECT 1;', 'on: { host, port, database, role }'],
  ['redis: INFO', 'write it as shell'],
])('%s does not say where it acts', (command, message) => {
  expect(read(command)).toContain(message);
});

it('lets a command be that says it, in whatever order and quotes', () => {
  expect(
    read('shell: \'kubectl logs -l app=api --all-containers --namespace={{ns}} | grep "kubectl get" | head\'')
  ).toBe('');
  expect(read('sql: SELECT 1;', 'on: { host: h, port: "1", database: d, role: r }')).toBe('');
  expect(read('shell: redis-cli -h {{ns}} -p 6379 PING; kubectl get pods -n {{ns}}')).toBe('');
});
