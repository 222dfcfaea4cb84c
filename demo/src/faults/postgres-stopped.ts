import type { FaultMaker } from './fault';

/** The Postgres server of both applications is stopped. */
export const postgresStopped: FaultMaker = (estate) => ({
  name: 'postgres-stopped',
  title: 'Postgres is stopped',
  watch: 'Connections to Postgres are refused: both applications answer 503, executions fail.',
  expect: { pack: 'gorax', runbook: 'connection-exhaustion', cause: 'postgres-down' },
  alsoTrue: [
    {
      cause: 'postgres-starting',
      because: 'while it stops, and while it starts again, the server itself answers that it does',
    },
  ],
  active: () => !estate.postgres.running(),
  inject: () => estate.postgres.stop('fast'),
  clear: () => estate.postgres.start(),
});
