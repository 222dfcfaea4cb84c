/**
 * Every Postgres fault, one after the other, on one real server: the right class and the right finding, each answer within
 * two seconds, no session left behind, and well again afterwards. It makes the Postgres part of docs/diagnostics-faults.md.
 */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import pg from 'pg';
import { freePort } from '../../../demo/src/servers';
import type { Round } from '../../src/model/round';
import { roundOf, until } from '../rig/client';
import { FaultLog } from '../rig/faults';
import { keepStartingUp } from '../rig/inRecovery';
import { type PostgresRig, noSecondSession, postgresRig } from '../rig/postgres';
import { replicaOf } from '../rig/replica';
import { type TestService, serve } from '../rig/service';
import { TARGET, start } from './stage';
import { LIMIT_MS } from '../rig/atMost';
import { countersAreTold } from '../rig/statistics';

const MB = 1024 * 1024;
/** Short times, so that a fault is one at once; costly checks in every round, so that the times are the worst. */
const EVERY = { everySeconds: 0 };
const CHECKS = {
  'postgres.blocking': { minWaitSeconds: 0.1 },
  'postgres.transactions': { idleSeconds: 1 },
  'postgres.statements': { runningSeconds: 1, minCalls: 20 },
  'postgres.deadlocks': { windowSeconds: 10 },
  'postgres.replication_slots': { inactiveSeconds: 1 },
  'postgres.checkpoints': { windowSeconds: 10, ...EVERY },
  'postgres.cache_hit': { enabled: false },
  'postgres.temporary_files': { windowSeconds: 10, warning: 50_000 },
  'postgres.bloat': { minWastedBytes: 2 * MB, ...EVERY },
  'postgres.foreign_keys': EVERY,
  'postgres.index_use': { compareSeconds: 0 },
  'postgres.freeze_age': EVERY,
  'postgres.sequences': EVERY,
  'postgres.sizes': EVERY,
  'postgres.wal': EVERY,
  'postgres.checksums': EVERY,
  'postgres.migrations': { expected: ['1', '2'], table: 'schema_migrations', ...EVERY },
};

let rig: PostgresRig;
let service: TestService;
let admin: pg.Client;
const faults = new FaultLog('Postgres');

beforeAll(async () => {
  rig = await postgresRig({
    settings: {
      fsync: 'on',
      synchronous_commit: 'off',
      max_connections: '20',
      wal_level: 'replica',
      archive_mode: 'on',
      archive_command: 'true',
    },
  });
  admin = await rig.admin();
  await admin.query(`
    CREATE EXTENSION pgstattuple;
    CREATE TABLE accounts (id int PRIMARY KEY, balance int) WITH (autovacuum_enabled = on);
    INSERT INTO accounts SELECT i, 100 FROM generate_series(1, 10) i;
    CREATE TABLE orders (id int PRIMARY KEY, customer int NOT NULL);
    INSERT INTO orders SELECT i, i % 1000 FROM generate_series(1, 30000) i;
    CREATE TABLE tickets (id serial PRIMARY KEY);
    CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL);
    INSERT INTO schema_migrations VALUES (2, false);
    GRANT ALL ON ALL TABLES IN SCHEMA public TO shop;
    GRANT SELECT ON schema_migrations TO live_runbooks;
    GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO live_runbooks`);
  await settled();
  service = await serve([rig.target({ checks: CHECKS })]);
});
afterEach(async () => {
  await rig.disconnect();
});
afterAll(async () => {
  await service.close();
  await rig.dispose();
});

/** Statistics are told when a session is idle; without this they come at a bad moment. */
async function settled(): Promise<void> {
  await countersAreTold(admin);
  await admin.query('VACUUM ANALYZE');
  await countersAreTold(admin);
}
const system = async (setting: string): Promise<void> => {
  await admin.query(`ALTER SYSTEM ${setting}`);
  await admin.query('SELECT pg_reload_conf()');
};
const RANK = { critical: 3, warning: 2, unknown: 1, ok: 0 } as const;
/** What does not apply, or needs a second answer, is no finding. */
const findings = (round: Round) =>
  round.checks
    .filter((check) => check.state !== 'ok' && check.reason !== 'not-applicable' && check.reason !== 'no-series')
    .sort((a, b) => RANK[b.state] - RANK[a.state]);

interface Fault {
  readonly fault: string;
  readonly class?: string;
  readonly check: string;
  readonly state: 'warning' | 'critical' | 'unknown';
  /** Answers how it is undone. */
  readonly inject: () => Promise<(() => Promise<unknown>) | undefined>;
  /** Before each round. */
  readonly again?: () => Promise<unknown>;
  /** Another service: one that starts while the fault is there, or one that asks elsewhere. */
  readonly target?: () => Promise<Record<string, unknown>>;
}

const FAULTS: readonly Fault[] = [
  {
    fault: 'nothing listens',
    class: 'refused',
    check: 'postgres.availability',
    state: 'critical',
    inject: async () => undefined,
    target: async () => rig.target({ port: await freePort() }),
  },
  {
    fault: 'the host name does not resolve',
    class: 'dns',
    check: 'postgres.availability',
    state: 'critical',
    inject: async () => undefined,
    target: async () => rig.target({ host: 'no-such-host.invalid' }),
  },
  {
    fault: 'wrong password',
    class: 'auth',
    check: 'postgres.availability',
    state: 'critical',
    inject: async () => undefined,
    target: async () => rig.target({ password: 'not-the-password' }),
  },
  {
    fault: 'the database does not exist',
    class: 'database-missing',
    check: 'postgres.availability',
    state: 'critical',
    inject: async () => undefined,
    target: async () => rig.target({ database: 'nowhere' }),
  },
  {
    fault: 'connections filled up to the reserved ones',
    class: 'too-many-clients',
    check: 'postgres.availability',
    state: 'critical',
    inject: async () => {
      await rig.disconnect();
      // 20 − 3 reserved − the service's own.
      for (let n = 0; n < 16; n += 1) {
        await rig.app('leaky-worker');
      }
      return undefined;
    },
  },
  {
    fault: 'the role’s CONNECTION LIMIT is used up by another',
    class: 'role-limit',
    check: 'postgres.availability',
    state: 'warning',
    inject: async () => {
      await admin.query('ALTER ROLE live_runbooks CONNECTION LIMIT 1');
      return () => admin.query('ALTER ROLE live_runbooks CONNECTION LIMIT 10');
    },
    target: async () => rig.target(),
  },
  {
    fault: 'the role lost pg_monitor',
    check: 'postgres.connections',
    state: 'unknown',
    inject: async () => {
      await admin.query('REVOKE pg_monitor FROM live_runbooks');
      return () => admin.query('GRANT pg_monitor TO live_runbooks');
    },
    target: async () => rig.target({ checks: CHECKS }),
  },
  {
    fault: 'idle in transaction, holding locks that nobody wants',
    check: 'postgres.transactions',
    state: 'warning',
    inject: async () => {
      const holder = await rig.app('forgetful');
      await holder.query('BEGIN; UPDATE accounts SET balance = 1 WHERE id = 1');
      return () => holder.query('ROLLBACK');
    },
  },
  {
    fault: 'idle in transaction, and an ALTER TABLE queued behind it, and readers behind that',
    check: 'postgres.blocking',
    state: 'warning',
    inject: async () => {
      const [holder, ddl, reader] = [await rig.app('forgetful'), await rig.admin('migration'), await rig.app('reader')];
      await holder.query('BEGIN; SELECT count(*) FROM accounts');
      start(ddl, 'ALTER TABLE accounts ADD COLUMN more int');
      start(reader, 'SELECT * FROM accounts');
      return () => rig.disconnect();
    },
  },
  {
    fault: 'a chain of three UPDATEs',
    check: 'postgres.blocking',
    state: 'warning',
    inject: async () => {
      const [first, second, third] = [await rig.app('first'), await rig.app('second'), await rig.app('third')];
      await first.query('BEGIN; UPDATE accounts SET balance = 1 WHERE id = 1');
      await second.query('BEGIN; UPDATE accounts SET balance = 1 WHERE id = 2');
      start(second, 'UPDATE accounts SET balance = 1 WHERE id = 1');
      start(third, 'UPDATE accounts SET balance = 1 WHERE id = 2');
      return () => rig.disconnect();
    },
  },
  {
    fault: 'crossed UPDATEs: a deadlock',
    check: 'postgres.deadlocks',
    state: 'warning',
    inject: async () => {
      const [a, b] = [await rig.app('a'), await rig.app('b')];
      await a.query('BEGIN; UPDATE accounts SET balance = 1 WHERE id = 1');
      await b.query('BEGIN; UPDATE accounts SET balance = 1 WHERE id = 2');
      const cross = (client: pg.Client, id: number): Promise<unknown> =>
        client
          .query(`UPDATE accounts SET balance = 1 WHERE id = ${id}`)
          .catch(() => undefined)
          .then(() => client.query('ROLLBACK'));
      await Promise.all([cross(a, 2), cross(b, 1)]);
      return undefined;
    },
  },
  {
    fault: 'a statement that does not end (pg_sleep)',
    check: 'postgres.statements',
    state: 'warning',
    inject: async () => {
      const runaway = await rig.app('runaway');
      start(runaway, 'SELECT pg_sleep(120)');
      return () =>
        admin.query(`SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'runaway'`);
    },
  },
  {
    fault: 'a slow statement, again and again',
    check: 'postgres.statements',
    state: 'warning',
    inject: async () => undefined,
    again: async () => {
      const app = await rig.app('slow-api');
      for (let n = 0; n < 20; n += 1) {
        await app.query('SELECT pg_sleep(0.03)');
      }
      await app.end();
    },
  },
  {
    fault: 'an orphaned prepared transaction, and somebody waits for it',
    check: 'postgres.blocking',
    state: 'warning',
    inject: async () => {
      const [lost, waiter] = [await rig.app('two-phase'), await rig.app('waiter')];
      await lost.query('BEGIN; UPDATE accounts SET balance = 1 WHERE id = 3');
      await lost.query(`PREPARE TRANSACTION 'orphan'`);
      start(waiter, 'UPDATE accounts SET balance = 2 WHERE id = 3');
      return () => admin.query(`ROLLBACK PREPARED 'orphan'`);
    },
  },
  {
    fault: 'sessions that wait for an advisory lock',
    check: 'postgres.blocking',
    state: 'warning',
    inject: async () => {
      const [holder, waiter] = [await rig.app('nightly-job'), await rig.app('nightly-job')];
      await holder.query('SELECT pg_advisory_lock(4711)');
      start(waiter, 'SELECT pg_advisory_lock(4711)');
      return () => rig.disconnect();
    },
  },
  {
    fault: 'another role at its CONNECTION LIMIT, while the server has room',
    check: 'postgres.connections',
    state: 'critical',
    inject: async () => {
      await admin.query('ALTER ROLE shop CONNECTION LIMIT 2');
      await rig.app('shop-api');
      await rig.app('shop-api');
      return async () => {
        await admin.query('ALTER ROLE shop CONNECTION LIMIT -1');
        await rig.disconnect();
      };
    },
    // Limits are looked at twice a minute: a service that starts now knows of it.
    target: async () => rig.target({ checks: CHECKS }),
  },
  {
    fault: 'AccessExclusiveLock on pg_authid',
    class: 'catalog-locked',
    check: 'postgres.availability',
    state: 'critical',
    inject: async () => {
      const locker = await rig.admin('locker');
      await locker.query('BEGIN; LOCK TABLE pg_authid IN ACCESS EXCLUSIVE MODE');
      return () => locker.query('ROLLBACK');
    },
  },
  {
    fault: 'AccessExclusiveLock on pg_class',
    class: 'catalog-locked',
    check: 'postgres.availability',
    state: 'critical',
    inject: async () => {
      const locker = await rig.admin('locker');
      await locker.query('BEGIN; LOCK TABLE pg_class IN ACCESS EXCLUSIVE MODE');
      return () => locker.query('ROLLBACK');
    },
  },
  {
    fault: 'AccessExclusiveLock on a large table',
    check: 'postgres.transactions',
    state: 'warning',
    inject: async () => {
      const locker = await rig.admin('locker');
      await locker.query('BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE');
      return () => locker.query('ROLLBACK');
    },
  },
  {
    fault: 'SIGSTOP to the postmaster',
    class: 'hung-postmaster',
    check: 'postgres.availability',
    state: 'critical',
    inject: async () => {
      rig.server.freeze({ postmasterOnly: true });
      return async () => rig.server.thaw();
    },
  },
  {
    fault: 'SIGSTOP to the whole server',
    class: 'hung',
    check: 'postgres.availability',
    state: 'critical',
    inject: async () => {
      rig.server.freeze();
      return async () => rig.server.thaw();
    },
  },
  {
    fault: 'a smart stop that waits for a client',
    class: 'shutting-down',
    check: 'postgres.availability',
    state: 'critical',
    inject: async () => {
      const client = await rig.app('last-client');
      rig.server.beginStop('smart');
      return async () => {
        await client.end();
        await rig.disconnect();
        await until(
          'it has stopped',
          () => Promise.resolve(rig.server.running()),
          (running) => !running
        );
        await rig.server.start();
      };
    },
  },
  {
    fault: 'stopped',
    class: 'refused',
    check: 'postgres.availability',
    state: 'critical',
    inject: async () => {
      await rig.disconnect();
      await rig.server.stop('fast');
      return () => rig.server.start();
    },
  },
  {
    fault: 'in recovery, without hot standby',
    class: 'starting-up',
    check: 'postgres.availability',
    state: 'critical',
    inject: () => keepStartingUp(rig),
  },
  {
    fault: 'a failed CREATE UNIQUE INDEX CONCURRENTLY',
    check: 'postgres.index_use',
    state: 'warning',
    inject: async () => {
      await admin.query('CREATE UNIQUE INDEX CONCURRENTLY orders_customer ON orders (customer)').catch(() => undefined);
      return () => admin.query('DROP INDEX orders_customer');
    },
  },
  {
    fault: 'a duplicate index and a prefix of another',
    check: 'postgres.index_use',
    state: 'warning',
    inject: async () => {
      await admin.query(
        'CREATE INDEX one ON orders (customer); CREATE INDEX two ON orders (customer); CREATE INDEX three ON orders (customer, id)'
      );
      return () => admin.query('DROP INDEX one, two, three');
    },
  },
  {
    fault: 'a foreign key without an index',
    check: 'postgres.foreign_keys',
    state: 'warning',
    inject: async () => {
      await admin.query(
        'ALTER TABLE orders ADD CONSTRAINT to_account FOREIGN KEY (customer) REFERENCES accounts NOT VALID'
      );
      return () => admin.query('ALTER TABLE orders DROP CONSTRAINT to_account');
    },
  },
  {
    fault: 'a table read from end to end, again and again',
    check: 'postgres.table_use',
    state: 'warning',
    inject: async () => undefined,
    again: async () => {
      const app = await rig.app('hot-api');
      for (let n = 0; n < 15; n += 1) {
        await app.query('SELECT count(*) FROM orders WHERE customer = 7');
      }
      await app.end();
    },
  },
  {
    fault: 'a statement that spills to temporary files, again and again',
    check: 'postgres.temporary_files',
    state: 'warning',
    inject: async () => undefined,
    again: async () => {
      const app = await rig.app('shop-report');
      await app.query(`SET work_mem = '64kB'`);
      // Many statements, none of them slow: only what they write together is much.
      spills += 1;
      const order = Array.from({ length: 1 + (spills % 30) }, () => 'i').join(', ');
      await app.query(
        `SELECT count(*) FROM (SELECT i FROM generate_series(1, 5000) i ORDER BY md5(i::text), ${order}) s`
      );
      await app.end();
    },
  },
  {
    fault: 'stale statistics: auto-analyze is off for the table',
    check: 'postgres.statistics',
    state: 'warning',
    inject: async () => {
      await admin.query(`
        CREATE TABLE visits (id int) WITH (autovacuum_enabled = off);
        INSERT INTO visits SELECT generate_series(1, 100);
        ANALYZE visits`);
      await admin.query('INSERT INTO visits SELECT generate_series(1, 5000)');
      await countersAreTold(admin);
      return () => admin.query('DROP TABLE visits');
    },
  },
  {
    fault: 'autovacuum off for a table, and all its rows updated',
    check: 'postgres.dead_tuples',
    state: 'warning',
    inject: async () => {
      await admin.query('ALTER TABLE orders SET (autovacuum_enabled = off)');
      await admin.query('UPDATE orders SET customer = customer');
      await countersAreTold(admin);
      return async () => {
        await admin.query('ALTER TABLE orders RESET (autovacuum_enabled)');
        await settled();
      };
    },
  },
  {
    fault: 'autovacuum off for the server',
    check: 'postgres.settings',
    state: 'warning',
    inject: async () => {
      await system('SET autovacuum = off');
      return () => system('RESET autovacuum');
    },
  },
  {
    fault: 'nine tenths of a table deleted, and vacuumed',
    check: 'postgres.bloat',
    state: 'warning',
    inject: async () => {
      await admin.query(
        `CREATE TABLE events AS SELECT i AS id, repeat('x', 200) AS filler FROM generate_series(1, 20000) i`
      );
      await admin.query('DELETE FROM events WHERE id % 10 <> 0');
      await settled();
      return () => admin.query('DROP TABLE events');
    },
  },
  {
    fault: 'a serial at 2147480000',
    check: 'postgres.sequences',
    state: 'critical',
    inject: async () => {
      await admin.query(`SELECT setval('tickets_id_seq', 2147480000)`);
      return () => admin.query(`SELECT setval('tickets_id_seq', 1)`);
    },
  },
  {
    fault: 'a sequence that the role may not read',
    check: 'postgres.sequences',
    state: 'unknown',
    inject: async () => {
      await admin.query('REVOKE SELECT ON SEQUENCE tickets_id_seq FROM live_runbooks');
      return () => admin.query('GRANT SELECT ON SEQUENCE tickets_id_seq TO live_runbooks');
    },
  },
  {
    fault: 'a replication slot that nobody reads',
    check: 'postgres.replication_slots',
    state: 'warning',
    inject: async () => {
      await admin.query(`SELECT pg_create_physical_replication_slot('lost_replica', true)`);
      return () => admin.query(`SELECT pg_drop_replication_slot('lost_replica')`);
    },
  },
  {
    fault: 'a replication slot whose WAL is gone',
    check: 'postgres.replication_slots',
    state: 'critical',
    inject: async () => {
      await admin.query(`SELECT pg_create_physical_replication_slot('gone_replica', true)`);
      await system(`SET max_slot_wal_keep_size = '1MB'`);
      return async () => {
        await system('RESET max_slot_wal_keep_size');
        await admin.query(`SELECT pg_drop_replication_slot('gone_replica')`);
      };
    },
    again: () => admin.query(`SELECT pg_logical_emit_message(false, 'test', 'x'), pg_switch_wal(); CHECKPOINT`),
  },
  {
    fault: 'archive_command fails',
    check: 'postgres.archiver',
    state: 'critical',
    inject: async () => {
      await system(`SET archive_command = 'false'`);
      await admin.query(`SELECT pg_logical_emit_message(false, 'test', 'x'), pg_switch_wal()`);
      return () => system('RESET archive_command');
    },
  },
  {
    fault: 'a replica whose replay is paused',
    check: 'postgres.replication',
    state: 'warning',
    inject: async () => undefined,
    target: async () => {
      const replica = await replicaOf(rig.server, {
        max_connections: '20',
        fsync: 'on',
        shared_preload_libraries: 'pg_stat_statements',
      });
      cleanUp.push(() => replica.dispose());
      const standby = new pg.Client({ connectionString: replica.superuserUrl });
      await standby.connect();
      await standby.query('SELECT pg_wal_replay_pause()');
      await standby.end();
      return rig.target({ port: replica.port });
    },
  },
  {
    fault: 'fsync off',
    check: 'postgres.settings',
    state: 'critical',
    inject: async () => {
      await system('SET fsync = off');
      return () => system('RESET fsync');
    },
  },
  {
    fault: 'DROP EXTENSION pg_stat_statements',
    check: 'postgres.statements',
    state: 'unknown',
    inject: async () => {
      await admin.query('DROP EXTENSION pg_stat_statements');
      return () => admin.query('CREATE EXTENSION pg_stat_statements');
    },
  },
  {
    fault: 'a migration that failed half-way',
    check: 'postgres.migrations',
    state: 'critical',
    inject: async () => {
      await admin.query('UPDATE schema_migrations SET dirty = true');
      return () => admin.query('UPDATE schema_migrations SET dirty = false');
    },
  },
];

let spills = 0;
const cleanUp: Array<() => Promise<unknown>> = [];

test('healthy: nothing is found', async () => {
  const slowest = { ms: 0 };
  const round = await quiet(slowest);
  expect(round.class).toBe('ok');
  faults.record('none', 'postgres.availability', { ...round, ms: slowest.ms });
});

async function quiet(slowest: { ms: number }): Promise<Round> {
  return until(
    'nothing is found',
    async () => {
      const round = await roundOf(service, TARGET);
      slowest.ms = Math.max(slowest.ms, round.ms);
      return round;
    },
    (round) =>
      round.class === 'ok' &&
      findings(round).length === 0 &&
      round.checks.every((check) => check.reason !== 'no-series')
  );
}

test.each(FAULTS.map((fault) => [fault.fault, fault] as const))('%s', async (_, fault) => {
  admin = await rig.admin('keeper');
  const undo = await fault.inject();
  const other = fault.target === undefined ? undefined : await serve([await fault.target()]);
  let slowestMs = 0;
  try {
    const round = await until(
      `${fault.check} is ${fault.state}`,
      async () => {
        await fault.again?.();
        const taken = await roundOf(other ?? service, TARGET);
        slowestMs = Math.max(slowestMs, taken.ms);
        expect(taken.ms).toBeLessThan(LIMIT_MS);
        return taken;
      },
      (taken) => {
        const [first] = findings(taken);
        return taken.class === (fault.class ?? 'ok') && first?.id === fault.check && first.state === fault.state;
      }
    );
    faults.record(fault.fault, fault.check, { ...round, ms: slowestMs });
  } finally {
    await other?.close();
    await undo?.();
    for (const clean of cleanUp.splice(0)) {
      await clean();
    }
    await rig.disconnect();
  }
  const after = { ms: 0 };
  await quiet(after);
  expect(after.ms).toBeLessThan(LIMIT_MS);
  await noSecondSession(rig);
});

test('the table in the documentation says so', () => {
  faults.finish();
});
