/** Statements and tables: what is slow, what is only busy, and what is maintenance. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CaseEstate, EstateCase } from '../case';
import { asSuperuser, endSessions, postgresProgram, repeatedly, requests, sessionOf } from '../tools';

const run = promisify(execFile);

/** Runs a client program of PostgreSQL against the estate's server, as its superuser. */
function client(estate: CaseEstate, program: string, args: readonly string[]) {
  const url = new URL(estate.urlOf('superuser', 'gorax'));
  return run(postgresProgram(program), [...args], {
    env: {
      ...process.env,
      PGHOST: url.hostname,
      PGPORT: url.port,
      PGUSER: decodeURIComponent(url.username),
      PGPASSWORD: decodeURIComponent(url.password),
      PGDATABASE: 'gorax',
    },
    maxBuffer: 1 << 30,
  });
}

/** One statement on a session of its own, again and again. */
async function looped(estate: CaseEstate, application: string, statement: string, pauseMs = 0, many = 1) {
  const sessions = await Promise.all(Array.from({ length: many }, () => sessionOf(estate, application)));
  const stop = repeatedly((n) => sessions[n]?.client.query(statement) ?? Promise.resolve(), many, pauseMs);
  return async () => {
    await endSessions(sessions);
    await stop();
  };
}

export const QUERIES: readonly EstateCase[] = [
  {
    name: 'missing-index-sqlstudio',
    kind: 'fault',
    title: 'the index behind the history of SQL Studio is dropped, and the history is long',
    right: [/^missing-index$/],
    acceptable: [
      { cause: /^expensive-statement$/, because: 'the statement that lacks the index is the expensive one' },
    ],
    async inject(estate) {
      const [{ definitions }] = (await (
        await sessionOf(estate, 'bench', 'sqlstudio')
      ).client
        .query(
          `SELECT json_agg(json_build_object('name', indexrelid::regclass::text, 'definition', pg_get_indexdef(indexrelid)))
           AS definitions FROM pg_index WHERE indrelid = 'query_history'::regclass AND NOT indisprimary`
        )
        .then(({ rows }) => rows)) as [{ definitions: Array<{ name: string; definition: string }> }];
      await asSuperuser(
        estate,
        [
          `INSERT INTO query_history (user_id, body, duration_ms, executed_at)
           SELECT user_id, body, duration_ms, executed_at - interval '40 days' FROM query_history, generate_series(1, 8)`,
          ...definitions.map(({ name }) => `DROP INDEX ${name}`),
          'ANALYZE query_history',
        ],
        'sqlstudio'
      );
      const stop = requests(12, (n) => ({
        url: `http://127.0.0.1:${estate.ports.sqlstudioBackend}/api/history?user=${n % 500}`,
      }));
      return async () => {
        await stop();
        await asSuperuser(
          estate,
          [
            ...definitions.map(({ definition }) => definition),
            `DELETE FROM query_history WHERE executed_at < now() - interval '40 days'`,
            'ANALYZE query_history',
          ],
          'sqlstudio'
        );
      };
    },
  },
  {
    name: 'expensive-report',
    kind: 'fault',
    title: 'a report joins the executions with themselves on two sessions, and takes the cores from everybody',
    right: [/^expensive-statement$|^long-running-query$/],
    acceptable: [
      { cause: /^cpu-saturated$|cpu/, because: 'the cores are what it takes' },
      { cause: /^missing-index$/, because: 'it reads a table from end to end' },
    ],
    inject: (estate) =>
      looped(
        estate,
        'quarterly-report',
        `SELECT count(DISTINCT md5(a.id || b.id)) FROM workflow_executions a
         JOIN workflow_executions b ON a.workflow_id = b.workflow_id WHERE a.workflow_id IN ('wf-1', 'wf-2', 'wf-3')`,
        0,
        3
      ),
  },
  {
    name: 'bloat-and-stale-statistics',
    kind: 'fault',
    title: 'a table of the applications is bloated by updates without vacuum; the statistics of another are stale',
    right: [/^dead-tuples$|bloat/],
    acceptable: [
      { cause: /^stale-statistics$/, because: 'the statistics of the other table are stale indeed' },
      { cause: /^expensive-statement$|^missing-index$/, because: 'the update that bloats it reads the whole table' },
    ],
    watchSeconds: 45,
    async inject(estate) {
      await asSuperuser(estate, [
        'ALTER TABLE workflows SET (autovacuum_enabled = off)',
        'ALTER TABLE credential_access_log SET (autovacuum_enabled = off)',
        'UPDATE credential_access_log SET success = NOT success',
      ]);
      const stop = await looped(
        estate,
        'sync-job',
        `UPDATE workflows SET definition = definition WHERE id > 'wf-1'`,
        60
      );
      return async () => {
        await stop();
        await asSuperuser(estate, [
          'ALTER TABLE workflows RESET (autovacuum_enabled)',
          'ALTER TABLE credential_access_log RESET (autovacuum_enabled)',
          'VACUUM (FULL, ANALYZE) workflows',
          'VACUUM (FULL, ANALYZE) credential_access_log',
        ]);
      };
    },
  },
  {
    name: 'spills',
    kind: 'fault',
    title: 'a sort with little work_mem writes temporary files for as long as it is watched',
    right: [/spill|temp/],
    acceptable: [
      {
        cause: /^expensive-statement$|^long-running-query$|^missing-index$/,
        because: 'the sort is an expensive statement',
      },
    ],
    inject: (estate) =>
      looped(
        estate,
        'export',
        `SET work_mem = '64kB'; SELECT count(*) FROM (SELECT * FROM workflow_executions ORDER BY trigger_data::text) s`,
        500
      ),
  },
  {
    name: 'vacuum',
    kind: 'healthy',
    title: 'VACUUM (ANALYZE) of all tables, again and again',
    inject: (estate) => looped(estate, 'psql', 'VACUUM (ANALYZE)', 1000),
  },
  {
    name: 'pg-dump',
    kind: 'healthy',
    title: 'pg_dump of the database, again and again',
    async inject(estate) {
      const stop = repeatedly(() => client(estate, 'pg_dump', ['-f', '/dev/null']), 1, 500);
      return stop;
    },
  },
  {
    name: 'pg-basebackup',
    kind: 'healthy',
    title: 'pg_basebackup at a limited rate',
    async inject(estate) {
      const dir = mkdtempSync(join(tmpdir(), 'estate-bench-backup-'));
      const stop = repeatedly(
        (n) => client(estate, 'pg_basebackup', ['-D', join(dir, `${n}-${Date.now()}`), '-r', '20M', '-c', 'fast']),
        1,
        500
      );
      return async () => {
        await stop();
        rmSync(dir, { recursive: true, force: true });
      };
    },
  },
  {
    name: 'read-only-backup',
    kind: 'healthy',
    title: 'one long REPEATABLE READ transaction reads table after table, and holds up nobody',
    async inject(estate) {
      const session = await sessionOf(estate, 'backup');
      await session.client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const stop = repeatedly(
        () => session.client.query('SELECT count(*), pg_sleep(0.3) FROM execution_steps'),
        1,
        200
      );
      return async () => {
        await endSessions([session]);
        await stop();
      };
    },
  },
  {
    name: 'index-concurrently',
    kind: 'healthy',
    title: 'CREATE INDEX CONCURRENTLY and its removal, again and again',
    async inject(estate) {
      const session = await sessionOf(estate, 'psql');
      const stop = repeatedly(
        async () => {
          await session.client.query('CREATE INDEX CONCURRENTLY bench_created ON workflow_executions (created_at)');
          await session.client.query('DROP INDEX CONCURRENTLY bench_created');
        },
        1,
        500
      );
      return async () => {
        await stop();
        await endSessions([session]);
        await asSuperuser(estate, ['DROP INDEX IF EXISTS bench_created']);
      };
    },
  },
  {
    name: 'bulk-import',
    kind: 'healthy',
    title: 'a planned import writes 40,000 rows into a table of its own',
    async inject(estate) {
      await asSuperuser(estate, ['CREATE TABLE bench_import (id bigint, payload text)']);
      const stop = await looped(
        estate,
        'import',
        `INSERT INTO bench_import SELECT n, md5(n::text) FROM generate_series(1, 4000) AS n`,
        1000
      );
      return async () => {
        await stop();
        await asSuperuser(estate, ['DROP TABLE bench_import']);
      };
    },
  },
  {
    name: 'one-slow-report',
    kind: 'healthy',
    title: 'one report reads the whole table once, in three seconds',
    async inject(estate) {
      const session = await sessionOf(estate, 'monthly-report');
      session.client
        .query(`SELECT count(*), max(md5(trigger_data::text)), pg_sleep(2) FROM workflow_executions`)
        .catch(() => undefined);
      return () => endSessions([session]);
    },
  },
  {
    name: 'checkpoints',
    kind: 'healthy',
    title: 'somebody asks for a CHECKPOINT every two seconds',
    inject: (estate) => looped(estate, 'psql', 'CHECKPOINT', 2000),
  },
];
