/**
 * In what a command is run, by the id of its fix: the facts that fill it, what it has to print, and what has to be true
 * afterwards. A fix without an entry needs no facts, and has to print something.
 */
import type { BoundPack } from '@live-runbooks/engine';
import type pg from 'pg';
import { expect } from 'vitest';

import { APPLICATION_ROLE, TABLE, type Database } from './database';
import type { Facts } from './everyFix';
import type { RedisCli } from './redisCli';
import type { Ran } from './terminal';

export interface Estate {
  readonly database: Database;
  readonly redis: RedisCli;
}

export interface Situation extends Facts {
  /** Replicas of every workload when the command begins; 2 unless it says otherwise. */
  readonly replicas?: number;
  readonly prints?: RegExp;
  /** Calls of the stand-ins that changed or asked something. */
  readonly calls?: RegExp;
  readonly after?: (ran: Ran | undefined) => Promise<void> | void;
}

export type Prepare = (estate: Estate, bound: BoundPack) => Promise<Situation> | Situation;

const replicas =
  (from: string, now: number): Prepare =>
  () => ({
    replicas: now,
    rows: { [from]: { value: now } },
    calls: new RegExp(`^kubectl scale deployment/\\S+ -n shop --current-replicas=${now} --replicas=\\d+\\n$`),
  });

/** Scaled to 0 the first half does it; a broken pod is the second half's. */
const startAgain = (pod: RegExp): Prepare[] => [
  () => ({ replicas: 0, calls: /^kubectl scale \S+ -n shop --current-replicas=0 --replicas=1\n$/ }),
  () => ({ replicas: 1, calls: pod }),
];

const rollout = (first: string): RegExp =>
  new RegExp(`^kubectl ${first}.*\\nkubectl rollout status deployment/\\S+ -n shop --timeout=5m\\n$`);

const pool =
  (typed: string): Prepare =>
  () => ({
    rows: { 'pool-size': { value: 10 } },
    typed: { connections: typed },
    calls: rollout(`set env deployment/\\S+ -n shop -c \\S+ [A-Z_]+=${typed}`),
  });

const profile =
  (file: string): Prepare =>
  () => ({
    calls: new RegExp(`^kubectl port-forward deployment/\\S+ -n shop 16060:\\d+\\ncurl .*\\n`),
    after: (ran) => {
      expect(ran?.files[file], file).toMatch(/^profile of deployment\//);
      expect(ran?.forward, 'a port-forward was started').toBeGreaterThan(0);
    },
  });

const pidOf = async (client: pg.Client): Promise<number> => {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
};
const ended = (client: pg.Client) => new Promise<void>((resolve) => client.once('end', resolve));
/** The message with which a statement ends, or that it passed. */
const outcomeOf = (running: Promise<unknown>): Promise<string> =>
  running.then(
    () => 'passed',
    (error: unknown) => String(error)
  );

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await holds())) {
    expect(Date.now(), what).toBeLessThan(deadline);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Waits until a session is as pg_stat_activity has to show it, since the command looks there, too. */
async function seen(admin: pg.Client, pid: number, condition: string): Promise<void> {
  await until(`session ${pid} is ${condition}`, async () => {
    const { rowCount } = await admin.query(`SELECT FROM pg_stat_activity WHERE pid = $1 AND ${condition}`, [pid]);
    return rowCount === 1;
  });
}

async function sessions({ database }: Estate, bound: BoundPack) {
  const name = bound.values.database ?? '';
  const open = (role = APPLICATION_ROLE) => database.session(name, role);
  return { name, admin: await open('postgres'), open };
}

/** One session sits idle in a transaction with a lock, a second one waits for it. */
const idleBlocker: Prepare = async (estate, bound) => {
  const { admin, open } = await sessions(estate, bound);
  const [holder, waiter] = [await open(), await open()];
  const [holderPid, waiterPid] = [await pidOf(holder), await pidOf(waiter)];
  await holder.query(`BEGIN; LOCK TABLE "${TABLE}" IN ACCESS EXCLUSIVE MODE`);
  const waits = outcomeOf(waiter.query(`SELECT count(*) FROM "${TABLE}"`));
  await seen(admin, waiterPid, `wait_event_type = 'Lock'`);
  const gone = ended(holder);
  return {
    rows: { 'root-blocker-idle': { pid: holderPid } },
    prints: / t\n\(1 row\)/,
    after: async () => {
      await gone;
      expect(await waits).toBe('passed');
    },
  };
};

/** One session has written a row and not committed; two others want to write the same one. */
const rowQueue: Prepare = async (estate, bound) => {
  const { admin, open } = await sessions(estate, bound);
  const [holder, ...waiters] = [await open(), await open(), await open()];
  const pids = await Promise.all(waiters.map(pidOf));
  const write = `UPDATE "${TABLE}" SET total = total + 1 WHERE id = 1`;
  await holder.query(`BEGIN; ${write}`);
  const writes = waiters.map((waiter) => outcomeOf(waiter.query(write)));
  await Promise.all(pids.map((pid) => seen(admin, pid, `wait_event IN ('tuple', 'transactionid')`)));
  return {
    prints: /UPDATE "Orders 2024" SET total [^|]*\| +2 \|/,
    after: async () => {
      await holder.query('ROLLBACK');
      expect(await Promise.all(writes)).toEqual(['passed', 'passed']);
    },
  };
};

/** One session holds an advisory lock and does nothing; a second one waits for it. */
async function advisoryQueue(estate: Estate, bound: BoundPack) {
  const { admin, open } = await sessions(estate, bound);
  const [holder, waiter] = [await open(), await open()];
  const [holderPid, waiterPid] = [await pidOf(holder), await pidOf(waiter)];
  await holder.query('SELECT pg_advisory_lock(4711)');
  const waits = outcomeOf(waiter.query('SELECT pg_advisory_lock(4711)'));
  await seen(admin, waiterPid, `wait_event = 'advisory'`);
  return { holder, holderPid, waiterPid, waits };
}

/** A limit of a role or a database is set before the command, and read after it. */
const limit =
  (signal: string, set: (name: string) => string, column: string, from: string): Prepare =>
  async (estate, bound) => {
    const { name, admin } = await sessions(estate, bound);
    await admin.query(set(name));
    return {
      rows: { [signal]: { role: APPLICATION_ROLE, database: name, limit: 20, used: 20 } },
      typed: { limit: '35' },
      prints: /^ALTER (ROLE|DATABASE)$/m,
      after: async () => {
        const { rows } = await admin.query(`SELECT ${column} AS now FROM ${from} WHERE ${column} > 0`);
        expect(rows).toEqual([{ now: 35 }]);
        await admin.query(set(name).replace(/\d+$/, '-1'));
      },
    };
  };

const busy =
  (signal: string): Prepare =>
  async (estate, bound) => {
    const { admin, open } = await sessions(estate, bound);
    const client = await open();
    const pid = await pidOf(client);
    const works = outcomeOf(client.query('SELECT pg_sleep(600)'));
    await seen(admin, pid, `state = 'active'`);
    return {
      rows: { [signal]: { pid } },
      prints: / t\n\(1 row\)/,
      after: async () => expect(await works).toContain('canceling statement due to user request'),
    };
  };

const tableStatistics =
  (signal: string, column: string): Prepare =>
  async (estate, bound) => {
    const { admin } = await sessions(estate, bound);
    return {
      rows: { [signal]: { table: `"${TABLE}"` } },
      prints: /^(ANALYZE|VACUUM)$/m,
      after: () =>
        until(`${column} of the table`, async () => {
          const { rows } = await admin.query(`SELECT ${column} AS at FROM pg_stat_user_tables WHERE relname = $1`, [
            TABLE,
          ]);
          return (rows[0] as { at: Date | null }).at !== null;
        }),
    };
  };

const role =
  (facts: Facts, column: string, wanted: unknown): Prepare =>
  async (estate, bound) => {
    const { admin } = await sessions(estate, bound);
    return {
      ...facts,
      prints: /^ALTER ROLE$/m,
      after: async () => {
        const { rows } = await admin.query(`SELECT ${column} AS is FROM pg_roles WHERE rolname = $1`, [
          APPLICATION_ROLE,
        ]);
        expect(rows).toEqual([{ is: wanted }]);
      },
    };
  };

const redisSetting =
  (name: string, facts: Facts, wanted: string): Prepare =>
  ({ redis }) => ({
    ...facts,
    prints: /^OK$/m,
    after: async () => expect(await redis.ask('CONFIG', 'GET', name)).toBe(`${name}\n${wanted}`),
  });

/** Sessions that have to be idle for longer than a test wants to wait: opened first, used last. */
export const idleApplication = (database: string): string => `idle-holder-${database}`;
export const LAST = 'end-idle-sessions';

export const SITUATIONS: Readonly<Record<string, Prepare | readonly Prepare[]>> = {
  'rollout-history': () => ({ prints: /REVISION/ }),
  'rollback-deploy': () => ({ calls: rollout('rollout undo') }),
  'undo-broken-rollout': () => ({ calls: rollout('rollout undo') }),
  'restart-api-one-by-one': () => ({ calls: rollout('rollout restart') }),
  'describe-pods': () => ({ prints: /Running[^]*Running/, calls: /^kubectl get pods .*\nkubectl describe pods .*\n$/ }),
  'describe-workers': () => ({
    prints: /Running[^]*Running/,
    calls: /^kubectl get pods .*\nkubectl describe pods .*\n$/,
  }),
  'start-api': replicas('api-replicas-wanted', 0),
  'scale-api': replicas('api-replicas-wanted', 2),
  'scale-throttled-api': replicas('api-replicas-wanted', 2),
  'start-workers': replicas('workers-wanted', 0),
  'scale-workers': replicas('workers-wanted', 2),
  'start-postgres': startAgain(/^kubectl delete pod postgres-0 -n shop\n$/),
  'start-redis': startAgain(/^kubectl delete pod -l app=redis -n shop\n$/),
  'raise-memory': () => ({
    rows: { 'pod-memory-limit': { value: 2 ** 28 } },
    calls: rollout('set resources deployment/\\S+ -n shop -c \\S+ --limits=memory=1Gi'),
  }),
  // It is the sidecar that is held back.
  'raise-cpu': () => ({
    rows: { 'throttled-limit': { container: 'sidecar', value: 0.5 } },
    calls: rollout('set resources deployment/\\S+ -n shop -c sidecar --limits=cpu=2'),
  }),
  'raise-concurrency': () => ({
    rows: { 'worker-concurrency': { value: 10 } },
    calls: rollout('set env deployment/\\S+ -n shop -c \\S+ WORKER_CONCURRENCY=20'),
  }),
  'enlarge-pool': pool('20'),
  'smaller-pools': pool('5'),
  'heap-profile': profile('heap.out'),
  'cpu-profile': profile('cpu.out'),
  'capture-goroutines': profile('goroutines.txt'),
  'panic-logs': () => ({ prints: /panic: runtime error[^]*goroutine 117[^]*handler\.go:41/ }),
  // The two spellings of the same line differ in a space only; a plain line is no field.
  'find-dependency': () => ({
    prints: /^ +1 "error": ?"Post \\"https:\/\/pay\.example\/v1\\": context deadline exceeded"$/m,
  }),
  'read-deadlock-log': () => ({ prints: /deadlock detected[^]*UPDATE accounts/ }),
  'check-postgres': () => ({ prints: /accepting connections[^]*postgres-0 [^]*database system is ready/ }),

  'check-redis': () => ({ prints: /^PONG$[^]*redis-0 [^]*Ready to accept/m }),
  'redis-memory-report': () => ({ prints: /peak\.allocated/ }),
  'redis-big-keys': async ({ redis }) => {
    await redis.ask('SET', 'orders:1', 'x'.repeat(1000));
    return { prints: /Biggest string[^]*orders:1/ };
  },
  'redis-raise-maxmemory': redisSetting(
    'maxmemory',
    { rows: { 'redis-memory-full': { max: 64 * 2 ** 20, limit: 64 * 2 ** 20, value: 0.95 } } },
    String(2 * 2 ** 30)
  ),
  'redis-raise-maxclients': redisSetting(
    'maxclients',
    { rows: { 'redis-clients-high': { max: 100, value: 0.95 } }, typed: { clients: '120' } },
    '120'
  ),
  'redis-slow-log': async ({ redis }) => {
    await redis.ask('CONFIG', 'SET', 'slowlog-log-slower-than', '0');
    await redis.ask('KEYS', 'orders:*');
    await redis.ask('CONFIG', 'SET', 'slowlog-log-slower-than', '10000');
    return { prints: /^KEYS$[^]*^orders:\*$/m };
  },
  'redis-list-clients': async ({ redis }) => {
    await redis.connect('shop-api');
    await redis.connect('shop-api');
    return { prints: /^ +2 127\.0\.0\.1 shop-api$/m };
  },
  'redis-script-kill': async ({ redis }) => {
    const script = redis.ask('EVAL', 'while true do end', '0');
    await until('Redis is busy', async () => (await redis.ask('PING')).startsWith('BUSY'));
    return { prints: /^OK$/m, after: async () => expect(await script).toContain('Script killed by user') };
  },
  'redis-check-save': () => ({ prints: /^rdb_last_bgsave_status:ok/m }),
  'redis-save-again': async ({ redis }) => {
    await redis.ask('SET', 'changed', '1');
    return {
      prints: /^Background saving started$/m,
      after: () =>
        until('the snapshot is written', async () =>
          /^rdb_changes_since_last_save:0\r?$/m.test(await redis.ask('INFO', 'persistence'))
        ),
    };
  },

  'list-sessions': (_, { values }) => ({
    prints: new RegExp(`${idleApplication(values.database ?? '')} +\\| ${APPLICATION_ROLE}`),
  }),
  'size-the-pool': () => ({ prints: /^ +97 \| +[1-9]/m }),
  'show-blockers': async (estate, bound) => {
    const { rows = {} } = await idleBlocker(estate, bound);
    const pid = String(rows['root-blocker-idle']?.pid);
    const { admin } = await sessions(estate, bound);
    return {
      prints: new RegExp(`${pid} \\|.*idle in transaction[^]*\\{${pid}\\}`),
      after: async () => {
        await admin.query('SELECT pg_terminate_backend($1)', [Number(pid)]);
      },
    };
  },
  'terminate-idle-blocker': idleBlocker,
  'show-row-waits': rowQueue,
  'show-advisory-locks': async (estate, bound) => {
    const { holder, holderPid, waiterPid, waits } = await advisoryQueue(estate, bound);
    return {
      prints: new RegExp(`4711 \\| t +\\| +${holderPid} \\|[^]*4711 \\| f +\\| +${waiterPid} \\|`),
      after: async () => {
        await holder.query('SELECT pg_advisory_unlock_all()');
        expect(await waits).toBe('passed');
      },
    };
  },
  'end-advisory-holder': async (estate, bound) => {
    const { holder, holderPid, waits } = await advisoryQueue(estate, bound);
    const gone = ended(holder);
    return {
      rows: { 'advisory-holder': { pid: holderPid, application: 'nightly-batch', waitingBehind: 1 } },
      prints: / t\n\(1 row\)/,
      after: async () => {
        await gone;
        expect(await waits).toBe('passed');
      },
    };
  },
  'show-limits': async (estate, bound) => {
    const { admin } = await sessions(estate, bound);
    await admin.query(`ALTER ROLE "${APPLICATION_ROLE}" CONNECTION LIMIT 20`);
    return {
      prints: new RegExp(`role ${APPLICATION_ROLE} +\\| +20 \\| +\\d`),
      after: async () => {
        await admin.query(`ALTER ROLE "${APPLICATION_ROLE}" CONNECTION LIMIT -1`);
      },
    };
  },
  'raise-role-limit': limit(
    'role-at-limit',
    () => `ALTER ROLE "${APPLICATION_ROLE}" CONNECTION LIMIT 20`,
    'rolconnlimit',
    'pg_roles'
  ),
  'raise-database-limit': limit(
    'database-at-limit',
    (name) => `ALTER DATABASE "${name}" CONNECTION LIMIT 20`,
    'datconnlimit',
    'pg_database'
  ),
  [LAST]: async (estate, bound) => {
    const { name, admin } = await sessions(estate, bound);
    const application = idleApplication(name);
    const idle = `FROM pg_stat_activity WHERE application_name = '${application}'`;
    await until('the session has been idle for 30 s', async () => {
      const { rowCount } = await admin.query(`SELECT ${idle} AND state_change < now() - interval '30 seconds'`);
      return rowCount === 1;
    });
    return {
      rows: { 'pg-top-holder': { application } },
      prints: / t$/m,
      after: () => until('the session is gone', async () => (await admin.query(`SELECT ${idle}`)).rowCount === 0),
    };
  },
  'cap-the-role': role({ rows: { 'pg-top-holder': { user: APPLICATION_ROLE, count: 60 } } }, 'rolconnlimit', 20),
  'idle-timeout': role({ rows: { 'root-blocker-idle': { user: APPLICATION_ROLE } } }, 'rolconfig', [
    'idle_in_transaction_session_timeout=60s',
  ]),
  'cancel-ddl': async (estate, bound) => {
    const { admin, open } = await sessions(estate, bound);
    const [reader, ddl] = [await open(), await open('owner')];
    const pid = await pidOf(ddl);
    await reader.query(`BEGIN; SELECT count(*) FROM "${TABLE}"`);
    const waits = outcomeOf(ddl.query(`ALTER TABLE "${TABLE}" ADD COLUMN note text`));
    await seen(admin, pid, `wait_event_type = 'Lock'`);
    return {
      rows: { 'queued-ddl': { pid } },
      prints: / t\n\(1 row\)/,
      after: async () => {
        expect(await waits).toContain('canceling statement due to user request');
        await reader.query('ROLLBACK');
      },
    };
  },
  'cancel-active-blocker': busy('root-blocker-active'),
  'cancel-query': busy('long-running-query'),
  'show-running': async (estate, bound) => {
    const { after } = await busy('long-running-query')(estate, bound);
    const { admin } = await sessions(estate, bound);
    return {
      prints: /pg_sleep\(600\)/,
      after: async (ran) => {
        await admin.query(`SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600)'`);
        await after?.(ran);
      },
    };
  },
  'retry-ddl-safely': () => ({ prints: /^SET$/m }),
  'rollback-prepared': async (estate, bound) => {
    const { name, admin, open } = await sessions(estate, bound);
    const gid = `order 4711: it's ${name}`;
    const client = await open();
    await client.query(`BEGIN; INSERT INTO "${TABLE}" (tenant_id) VALUES (1)`);
    await client.query(`PREPARE TRANSACTION '${gid.replaceAll("'", "''")}'`);
    return {
      rows: { 'prepared-transactions': { gid, owner: APPLICATION_ROLE, database: name } },
      prints: /^ROLLBACK PREPARED$/m,
      after: async () => expect((await admin.query('SELECT FROM pg_prepared_xacts')).rowCount).toBe(0),
    };
  },
  'explain-statement': async (estate, bound) => {
    const { admin, open } = await sessions(estate, bound);
    const client = await open();
    await client.query(`SELECT id FROM "${TABLE}" WHERE tenant_id = 3 AND total > 20 ORDER BY created_at LIMIT 5`);
    const { rows } = await admin.query<{ id: string }>(
      `SELECT queryid::text AS id FROM pg_stat_statements WHERE query LIKE 'SELECT id FROM "${TABLE}"%' LIMIT 1`
    );
    return { rows: { 'slow-statement': { queryId: rows[0]?.id ?? null } }, prints: /Seq Scan on "Orders 2024"/ };
  },
  'create-index': async (estate, bound) => {
    const { admin } = await sessions(estate, bound);
    return {
      rows: { 'seq-scans': { table: `"${TABLE}"`, liveRows: 500 } },
      typed: { columns: 'tenant_id, created_at DESC' },
      prints: /^CREATE INDEX$/m,
      after: async () => {
        const { rows } = await admin.query(
          `SELECT count(*)::int AS valid FROM pg_index WHERE indrelid = '"${TABLE}"'::regclass AND indisvalid AND indnatts = 2`
        );
        expect(rows).toEqual([{ valid: 1 }]);
      },
    };
  },
  'find-invalid-index': () => ({ prints: /left_behind/ }),
  'rebuild-invalid-index': async (estate, bound) => {
    const { admin } = await sessions(estate, bound);
    const valid = `FROM pg_index WHERE indexrelid = 'left_behind'::regclass`;
    return {
      rows: { 'invalid-index': { index: 'left_behind', table: 'workflow_executions' } },
      prints: /^REINDEX$/m,
      after: async () => {
        expect((await admin.query(`SELECT indisvalid ${valid}`)).rows).toEqual([{ indisvalid: true }]);
        // As it was, for the next command that looks for it.
        await admin.query(`UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'left_behind'::regclass`);
      },
    };
  },
  'analyze-table': tableStatistics('stale-statistics', 'last_analyze'),
  'vacuum-table': tableStatistics('dead-tuples', 'last_vacuum'),
  'find-slow-workflows': () => ({ prints: /wf-1/ }),
  'find-producer': () => ({ prints: /tenant-1/ }),
};
