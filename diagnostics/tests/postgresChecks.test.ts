/** Each Postgres check: one live scenario that makes it fire, one that keeps it quiet. */
import type { CheckResult } from '@live-runbooks/engine';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type PostgresRig, postgresRig } from './rig/postgres';
import { checkIn, roundOf, runCheck, until, untilState } from './rig/client';
import { type TestService, serve } from './rig/service';
import { atMost } from './rig/atMost';
import { countersAreTold } from './rig/statistics';

const TARGET = 'shop-postgres';
const SECRET = 'card-4111-secret';

let rig: PostgresRig;
let service: TestService;
let admin: pg.Client;

const pidOf = async (client: pg.Client): Promise<number> => {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? -1;
};
/** Starts a statement that will wait or take long; its end, good or bad, is nobody's concern. */
const start = (client: pg.Client, sql: string): void => {
  client.query(sql).catch(() => undefined);
};
const check = (id: string) => runCheck(service, TARGET, id);
const fires = (id: string, state: 'warning' | 'critical' = 'warning') => untilState(service, TARGET, id, state);
const quiet = (id: string) => untilState(service, TARGET, id, 'ok');

beforeAll(async () => {
  rig = await postgresRig({ settings: { max_connections: '40' } });
  service = await serve([
    rig.target({
      checks: {
        'postgres.connections': { leakIdleSeconds: 1 },
        'postgres.blocking': { minWaitSeconds: 0.1 },
        'postgres.transactions': { idleSeconds: 1, longSeconds: 1 },
        'postgres.statements': { runningSeconds: 2 },
        'postgres.deadlocks': { windowSeconds: 10 },
        'postgres.prepared_transactions': { warning: 0.5 },
        'postgres.index_use': { unusedAfterDays: 0, minBytes: 8192 },
      },
    }),
  ]);
  admin = await rig.admin('keeper');
  await admin.query(`
    CREATE TABLE orders (id serial PRIMARY KEY, customer int NOT NULL, note text);
    INSERT INTO orders (customer, note) SELECT i % 1000, 'x' FROM generate_series(1, 30000) i;
    CREATE TABLE accounts (id int PRIMARY KEY, balance int NOT NULL);
    INSERT INTO accounts SELECT i, 100 FROM generate_series(1, 10) i;
    GRANT ALL ON ALL TABLES IN SCHEMA public TO shop;
  `);
  // Else the counts of the INSERT reach the statistics after those of ANALYZE, and count twice.
  await countersAreTold(admin);
  await admin.query('VACUUM ANALYZE orders');
  await admin.query('VACUUM ANALYZE accounts');
});
afterEach(async () => {
  await rig.disconnect();
  // The server notices a closed socket when it next looks at it: a waiting session is told.
  admin = await rig.admin('keeper');
  await admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE backend_type = 'client backend' AND usename <> 'live_runbooks' AND pid <> pg_backend_pid()`
  );
});
afterAll(async () => {
  await service.close();
  await rig.dispose();
});

describe('postgres.connections', () => {
  test('fires on a large share that nobody uses, and names the application', async () => {
    for (let n = 0; n < 14; n += 1) {
      await rig.app('leaky-worker');
    }
    const found = await fires('postgres.connections');
    expect(found.rows.leakSuspects).toMatchObject([{ application: 'leaky-worker', user: 'shop', count: 14, idle: 14 }]);
    expect(found.summary).toMatch(/leaky-worker holds 14, .* a leak, or a pool larger than it needs/);
    expect(found.fields.leakSuspects).toBe(1);
  });

  test('is quiet with a small pool', async () => {
    await rig.app('shop-api');
    const found = await quiet('postgres.connections');
    expect(found.rows.leakSuspects).toEqual([]);
    expect(found.fields).toMatchObject({ max: 40, reserved: 3, usable: 37 });
    expect(found.rows.byState).toContainEqual({ state: 'idle', count: expect.any(Number) });
  });
});

describe('postgres.blocking', () => {
  test('fires with the idle holder at the root, through a chain', async () => {
    const [holder, second, third] = [await rig.app('holder'), await rig.app('second'), await rig.app('third')];
    await holder.query('BEGIN');
    await holder.query(`UPDATE accounts SET balance = 1 WHERE id = 1 AND '${SECRET}' <> ''`);
    await second.query('BEGIN');
    await second.query('UPDATE accounts SET balance = 2 WHERE id = 2');
    start(second, 'UPDATE accounts SET balance = 2 WHERE id = 1');
    start(third, 'UPDATE accounts SET balance = 3 WHERE id = 2');
    const pid = await pidOf(holder).catch(() => -1);
    const found = await until(
      'both wait',
      () => check('postgres.blocking'),
      (each) => each.value === 2 && each.state === 'warning'
    );
    expect(found.state).toBe('warning');
    expect(found.rows.roots).toHaveLength(1);
    expect(found.rows.roots?.[0]).toMatchObject({
      pid,
      application: 'holder',
      user: 'shop',
      database: 'shop',
      state: 'idle in transaction',
      kind: 'session',
      waitingBehind: 2,
      relation: 'accounts',
      lock: 'row',
      mode: 'RowExclusiveLock',
      idleSeconds: expect.any(Number),
    });
    const waiting = found.rows.waiting ?? [];
    expect(waiting.map((each) => each.application).sort()).toEqual(['second', 'third']);
    expect(waiting.find((each) => each.application === 'second')).toMatchObject({ blockedBy: pid, rootPid: pid });
    expect(found.summary).toContain(String(pid));
    expect(JSON.stringify(found)).not.toContain(SECRET);
    expect(found.rows.queuedDdl).toEqual([]);
  });

  test('fires with queued DDL behind a long reader, and readers behind the DDL', async () => {
    const [reader, ddl, late] = [
      await rig.app('reporting'),
      await rig.admin('migration'),
      await rig.app('late-reader'),
    ];
    await reader.query('BEGIN');
    await reader.query('SELECT count(*) FROM accounts');
    const readerPid = await pidOf(reader);
    start(ddl, `ALTER TABLE accounts ADD COLUMN extra text DEFAULT '${SECRET}'`);
    await until(
      'the schema change waits',
      () => check('postgres.blocking'),
      (each) => each.value === 1
    );
    start(late, 'SELECT * FROM accounts');
    const found = await until(
      'the reader queues',
      () => check('postgres.blocking'),
      (each) => each.value === 2
    );
    expect(found.rows.queuedDdl).toMatchObject([
      {
        application: 'migration',
        relation: 'accounts',
        mode: 'AccessExclusiveLock',
        waitingBehind: 1,
        holderPid: readerPid,
        holderApplication: 'reporting',
        holderState: 'idle in transaction',
        query: 'ALTER TABLE accounts ADD COLUMN extra text DEFAULT ?',
      },
    ]);
    expect(found.rows.roots).toMatchObject([
      { pid: readerPid, waitingBehind: 2, lock: 'relation', mode: 'AccessShareLock' },
    ]);
    // The whole round is still answered, although a table is locked.
    const round = await roundOf(service, TARGET);
    expect(round.tookMs).toBeLessThan(atMost(1000));
  });

  test('says what is waited for when it is an advisory lock, which has no relation', async () => {
    const [holder, waiter] = [await rig.app('nightly-batch'), await rig.app('late-batch')];
    await holder.query('SELECT pg_advisory_lock(4711)');
    start(waiter, 'SELECT pg_advisory_lock(4711)');
    const found = await until(
      'it waits',
      () => check('postgres.blocking'),
      (each) => each.value === 1
    );
    expect(found.rows.waiting).toMatchObject([{ application: 'late-batch', lock: 'advisory', relation: null }]);
    expect(found.rows.roots).toMatchObject([{ application: 'nightly-batch', lock: 'advisory', state: 'idle' }]);
    expect(found.fields.waitingForAdvisoryLock).toBe(1);
  });

  test('fires with a prepared transaction at the root', async () => {
    const lost = await rig.app('two-phase');
    await lost.query('BEGIN');
    await lost.query('UPDATE accounts SET balance = 5 WHERE id = 5');
    await lost.query(`PREPARE TRANSACTION 'orphan-1'`);
    const waiter = await rig.app('waiter');
    start(waiter, 'UPDATE accounts SET balance = 6 WHERE id = 5');
    try {
      const found = await until(
        'it waits',
        () => check('postgres.blocking'),
        (each) => each.value === 1
      );
      expect(found.rows.roots).toMatchObject([
        { pid: null, gid: 'orphan-1', kind: 'prepared-transaction', state: 'prepared', waitingBehind: 1, user: 'shop' },
      ]);
      expect(found.rows.waiting).toMatchObject([{ application: 'waiter', blockedBy: 0, rootPid: null }]);
      const prepared = await fires('postgres.prepared_transactions');
      expect(prepared.rows.transactions).toMatchObject([{ gid: 'orphan-1', owner: 'shop', database: 'shop' }]);
      expect(prepared.fields.count).toBe(1);
    } finally {
      await admin.query(`ROLLBACK PREPARED 'orphan-1'`);
    }
    expect((await quiet('postgres.prepared_transactions')).value).toBe(0);
  });

  test('is quiet when transactions hold locks that nobody wants', async () => {
    const holder = await rig.app('holder');
    await holder.query('BEGIN');
    await holder.query('UPDATE accounts SET balance = 1 WHERE id = 1');
    const found = await quiet('postgres.blocking');
    expect(found).toMatchObject({ value: 0, fields: { waiting: 0, longestWaitSeconds: 0, roots: 0 } });
  });

  test('is not concerned with another database', async () => {
    const other = await serve([rig.target({ database: 'postgres' })]);
    try {
      const [holder, waiter] = [await rig.app('holder'), await rig.app('waiter')];
      await holder.query('BEGIN');
      await holder.query('UPDATE accounts SET balance = 1 WHERE id = 1');
      start(waiter, 'UPDATE accounts SET balance = 2 WHERE id = 1');
      await until(
        'it waits',
        () => check('postgres.blocking'),
        (each) => each.value === 1
      );
      expect((await runCheck(other, TARGET, 'postgres.blocking')).value).toBe(0);
      expect((await runCheck(other, TARGET, 'postgres.transactions')).value).toBe(0);
    } finally {
      await other.close();
    }
  });
});

describe('postgres.transactions', () => {
  test('fires on a session that forgot to commit', async () => {
    const forgetful = await rig.app('forgetful');
    await forgetful.query('BEGIN');
    await forgetful.query(`SELECT * FROM accounts WHERE id = 7 AND '${SECRET}' <> ''`);
    const found = await fires('postgres.transactions');
    expect(found.rows.idle?.[0]).toMatchObject({
      application: 'forgetful',
      user: 'shop',
      query: 'SELECT * FROM accounts WHERE id = ? AND ? <> ?',
    });
    expect(Number(found.fields.longestIdleSeconds)).toBeGreaterThanOrEqual(1);
    expect(found.fields).toMatchObject({ idleInTransaction: 1, long: 1 });
    expect(JSON.stringify(found)).not.toContain(SECRET);
  });

  test('is quiet without an open transaction', async () => {
    expect((await quiet('postgres.transactions')).fields).toEqual({
      longestSeconds: 0,
      longestMaintenanceSeconds: 0,
      longestIdleSeconds: 0,
      idleInTransaction: 0,
      long: 0,
    });
  });
});

describe('postgres.statements', () => {
  test('fires on a slow statement within seconds, and clears when it is fast again', async () => {
    const app = await rig.app('shop-api');
    await quiet('postgres.statements');
    const slow = async (ms: number): Promise<void> => {
      await app.query(`SELECT pg_sleep($1), 'label'`, [ms / 1000]);
    };
    // Beside it, a busy machine may have slowed down others.
    const told = (each: CheckResult) => each.rows.slow?.find(({ query }) => query === 'SELECT pg_sleep($1), $2');
    const found = await until(
      'it is slow',
      async () => {
        await slow(40);
        return check('postgres.statements');
      },
      (each) => each.state === 'warning' && told(each) !== undefined
    );
    expect(told(found)).toMatchObject({ queryId: expect.any(String) });
    expect(Number(told(found)?.meanMs)).toBeGreaterThan(35);
    await until(
      'it is fast',
      async () => {
        for (let n = 0; n < 20; n += 1) {
          await slow(0);
        }
        return check('postgres.statements');
      },
      (each) => each.state === 'ok'
    );
  });

  test('fires on a statement that does not end', async () => {
    const runaway = await rig.app('runaway');
    start(runaway, `SELECT pg_sleep(60), '${SECRET}'`);
    const found = await until(
      'it runs for long',
      () => check('postgres.statements'),
      (each) => Number(each.fields.longestRunningSeconds) >= 2
    );
    expect(found.state).toBe('warning');
    expect(found.rows.running?.[0]).toMatchObject({
      application: 'runaway',
      waitEvent: 'Timeout: PgSleep',
      query: 'SELECT pg_sleep(?), ?',
    });
  });

  test('without the extension it is unknown, and says how to get it', async () => {
    await admin.query('DROP EXTENSION pg_stat_statements');
    const fresh = await serve([rig.target()]);
    try {
      const found = await runCheck(fresh, TARGET, 'postgres.statements');
      expect(found).toMatchObject({
        state: 'unknown',
        reason: 'not-configured',
        value: null,
        fields: { installed: false, slow: null },
      });
      expect(found.mend).toContain('CREATE EXTENSION pg_stat_statements');
    } finally {
      await fresh.close();
      await admin.query('CREATE EXTENSION pg_stat_statements');
    }
  });
});

describe('postgres.deadlocks', () => {
  test('is quiet, then fires on one, then forgets it', async () => {
    const [a, b] = [await rig.app('a'), await rig.app('b')];
    expect((await quiet('postgres.deadlocks')).fields.perMinute).toBe(0);
    await a.query('BEGIN');
    await b.query('BEGIN');
    await a.query('UPDATE accounts SET balance = 1 WHERE id = 1');
    await b.query('UPDATE accounts SET balance = 1 WHERE id = 2');
    // A session tells the statistics when its transaction is over.
    const crossed = (client: pg.Client, id: number): Promise<unknown> =>
      client
        .query(`UPDATE accounts SET balance = 1 WHERE id = ${id}`)
        .catch(() => undefined)
        .then(() => client.query('ROLLBACK'));
    await Promise.all([crossed(a, 2), crossed(b, 1)]);
    const found = await fires('postgres.deadlocks');
    expect(found.fields).toMatchObject({ total: 1, perMinute: 6 });
    await untilState(service, TARGET, 'postgres.deadlocks', 'ok');
  });
});

describe('postgres.dead_tuples', () => {
  test('is quiet on a tidy table, fires on one full of dead rows', async () => {
    await quiet('postgres.dead_tuples');
    await admin.query('CREATE TABLE churn (id int, v int) WITH (autovacuum_enabled = off)');
    await admin.query('INSERT INTO churn SELECT i, 0 FROM generate_series(1, 20000) i');
    await admin.query('UPDATE churn SET v = 1');
    await countersAreTold(admin);
    const found = await fires('postgres.dead_tuples');
    expect(found.rows.tables).toMatchObject([
      {
        table: 'churn',
        deadTuples: 20000,
        deadRatio: 0.5,
        liveTuples: 20000,
        autovacuumOff: true,
        lastAutovacuum: null,
      },
    ]);
    await admin.query('VACUUM churn');
    await quiet('postgres.dead_tuples');
    await admin.query('DROP TABLE churn');
  });
});

describe('postgres.table_use', () => {
  test('is quiet with an index, fires without one, clears when it is there', async () => {
    const app = await rig.app('shop-api');
    await quiet('postgres.table_use');
    const load = async (): Promise<void> => {
      for (let n = 0; n < 10; n += 1) {
        await app.query('SELECT count(*) FROM orders WHERE customer = $1', [n]);
      }
    };
    const found = await until(
      'it reads the table from end to end',
      async () => {
        await load();
        return check('postgres.table_use');
      },
      (each) => each.state === 'warning'
    );
    expect(found.rows.seqScans?.[0]).toMatchObject({ table: 'orders', rowsPerScan: 30000, liveRows: 30000 });
    expect(Number(found.rows.seqScans?.[0]?.scansPerSecond)).toBeGreaterThan(0.1);
    expect(Number(found.rows.seqScans?.[0]?.sizeBytes)).toBeGreaterThan(100_000);
    await admin.query('CREATE INDEX orders_customer ON orders (customer)');
    await until(
      'the index is used',
      async () => {
        await load();
        return check('postgres.table_use');
      },
      (each) => each.state === 'ok'
    );
    await admin.query('DROP INDEX orders_customer');
  });
});

describe('postgres.index_use', () => {
  test('fires on unused, duplicate, prefix and invalid indexes; is quiet without them', async () => {
    await quiet('postgres.index_use');
    await admin.query('CREATE INDEX orders_a ON orders (customer, id)');
    await admin.query('CREATE INDEX orders_b ON orders (customer, id)');
    await admin.query('CREATE INDEX orders_c ON orders (customer)');
    await admin.query('CREATE INDEX orders_desc ON orders (customer DESC)');
    await admin.query('CREATE UNIQUE INDEX CONCURRENTLY orders_broken ON orders (customer)').then(
      () => expect.fail('customers are not unique'),
      () => undefined
    );
    // A client hears of the failure a moment before the server has ended the build.
    const found = await until(
      'the build that failed has ended',
      () => fires('postgres.index_use'),
      (each) => each.rows.invalid?.length !== 0
    );
    expect(found.rows.invalid).toMatchObject([{ index: 'orders_broken', table: 'orders' }]);
    const duplicate = found.rows.duplicate ?? [];
    expect(duplicate).toContainEqual({ index: 'orders_b', table: 'orders', of: 'orders_a', how: 'same' });
    expect(duplicate.map((each) => [each.index, each.how])).toContainEqual(['orders_c', 'prefix']);
    expect(duplicate.map((each) => each.index)).not.toContain('orders_desc');
    expect((found.rows.unused ?? []).map((each) => each.index)).toEqual(
      expect.arrayContaining(['orders_a', 'orders_desc'])
    );
    expect((found.rows.unused ?? []).map((each) => each.index)).not.toContain('orders_pkey');
    await admin.query('DROP INDEX orders_a, orders_b, orders_c, orders_desc, orders_broken');
    await quiet('postgres.index_use');
  });

  test('rounds compare all indexes seldom while there is nothing to find, and again at once when there is or was', async () => {
    const inRound = async () => checkIn(await roundOf(service, TARGET), 'postgres.index_use').state;
    await until('a round without a finding', inRound, (state) => state === 'ok');
    await admin.query(
      'CREATE INDEX orders_e ON orders (customer, note); CREATE INDEX orders_f ON orders (customer, note)'
    );
    expect(await inRound()).toBe('ok');
    // Whoever asks for the check itself is answered with what is there now, and rounds know it from then on.
    expect(await check('postgres.index_use')).toMatchObject({ state: 'warning', fields: { duplicate: 1 } });
    await until('a round with the finding', inRound, (state) => state === 'warning');
    await admin.query('DROP INDEX orders_e, orders_f');
    await until('a round without it', inRound, (state) => state === 'ok');
  });

  test('shows a build while it runs, which is no invalid index, and whom it waits for', async () => {
    const [reader, builder] = [await rig.app('long-reader'), await rig.admin('builder')];
    await reader.query('BEGIN; UPDATE orders SET note = note WHERE id = 1');
    const readerPid = await pidOf(reader);
    start(builder, 'CREATE INDEX CONCURRENTLY orders_slowly ON orders (note)');
    const found = await until(
      'the build waits for the reader',
      () => check('postgres.index_use'),
      (each) => each.rows.building?.[0]?.waitsForPid === readerPid
    );
    expect(found.rows.building).toMatchObject([
      {
        application: 'builder',
        table: 'orders',
        index: 'orders_slowly',
        command: 'CREATE INDEX CONCURRENTLY',
        seconds: expect.any(Number),
      },
    ]);
    expect(found.rows.invalid).toEqual([]);
    expect(found.summary).toContain('being built now: 1');
    await reader.query('COMMIT');
    await until(
      'the build is done',
      () => check('postgres.index_use'),
      (each) => each.rows.building?.length === 0
    );
    await admin.query('DROP INDEX orders_slowly');
  });

  test('calls nothing unused while the statistics are young', async () => {
    const young = await serve([rig.target()]);
    try {
      const found = await runCheck(young, TARGET, 'postgres.index_use');
      expect(found).toMatchObject({ state: 'ok', fields: { unused: null } });
      expect(found.summary).toContain('too young');
    } finally {
      await young.close();
    }
  });
});

describe('postgres.statistics', () => {
  test('is quiet after ANALYZE, fires when much has changed since', async () => {
    await quiet('postgres.statistics');
    await admin.query('CREATE TABLE imports (id int)');
    await admin.query('INSERT INTO imports SELECT generate_series(1, 20000)');
    await countersAreTold(admin);
    const found = await fires('postgres.statistics');
    expect(found.rows.stale).toMatchObject([{ table: 'imports', modifiedSinceAnalyze: 20000, lastAnalyze: null }]);
    await admin.query('ANALYZE imports');
    await quiet('postgres.statistics');
    await admin.query('DROP TABLE imports');
  });
});

describe('postgres.settings', () => {
  test('fires on fsync off, is quiet when it is on', async () => {
    const found = await fires('postgres.settings', 'critical');
    expect(found.rows.dangerous).toMatchObject([{ setting: 'fsync', value: 'off' }]);
    expect(found.fields).toMatchObject({
      maxConnections: 40,
      superuserReserved: 3,
      dangerous: 1,
      sharedBuffersBytes: 67108864,
    });
    await admin.query('ALTER SYSTEM SET fsync = on');
    await admin.query('SELECT pg_reload_conf()');
    await quiet('postgres.settings');
    await admin.query('ALTER SYSTEM RESET fsync');
    await admin.query('SELECT pg_reload_conf()');
  });
});

test('a role at its CONNECTION LIMIT is told, though the server has room', async () => {
  await rig.app('shop-api');
  await rig.app('shop-api');
  // A service that was there before learns it as well, within seconds, and that it was raised again.
  const limited = (state: 'ok' | 'critical') => untilState(service, TARGET, 'postgres.connections', state);
  await limited('ok');
  await admin.query('ALTER ROLE shop CONNECTION LIMIT 2');
  try {
    const found = await limited('critical');
    expect(found).toMatchObject({ state: 'critical', fields: { limitUsedRatio: 1 } });
    expect(found.rows.limits).toMatchObject([{ role: 'shop', database: null, limit: 2, used: 2, ratio: 1 }]);
    expect(found.mend).toContain('ALTER ROLE "shop" CONNECTION LIMIT');
  } finally {
    await admin.query('ALTER ROLE shop CONNECTION LIMIT -1');
  }
  await limited('ok');
});

describe('privilege', () => {
  test('the role has pg_monitor and nothing else, and reads no table', async () => {
    const { rows } = await admin.query(
      `SELECT r.rolsuper, r.rolcreaterole, r.rolcreatedb, r.rolreplication, r.rolbypassrls, r.rolconnlimit,
              array_agg(g.rolname::text) AS member_of, has_table_privilege(r.oid, 'orders', 'SELECT') AS reads
       FROM pg_roles r LEFT JOIN pg_auth_members m ON m.member = r.oid LEFT JOIN pg_roles g ON g.oid = m.roleid
       WHERE r.rolname = 'live_runbooks' GROUP BY r.oid, r.rolsuper, r.rolcreaterole, r.rolcreatedb, r.rolreplication, r.rolbypassrls, r.rolconnlimit`
    );
    expect(rows).toEqual([
      {
        rolsuper: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolreplication: false,
        rolbypassrls: false,
        rolconnlimit: 10,
        member_of: ['pg_monitor'],
        reads: false,
      },
    ]);
  });

  test('nothing that a round does takes a lock stronger than AccessShare, or a transaction id', async () => {
    await roundOf(service, TARGET);
    const { rows } = await admin.query(
      `SELECT mode FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE a.usename = 'live_runbooks' AND l.mode <> 'AccessShareLock'`
    );
    expect(rows).toEqual([]);
    const round = await roundOf(service, TARGET);
    expect(checkIn(round, 'postgres.availability').state).toBe('ok');
  });
});
