/** Sequences, foreign keys, sizes, bloat, autovacuum: each fires, keeps quiet, and is not stopped by a locked table. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CheckResult } from '@live-runbooks/engine';
import type pg from 'pg';
import { SEQUENCES_A_ROUND } from '../../src/postgres/sequencePass';
import { runCheck, until } from '../rig/client';
import { serve } from '../rig/service';
import { type Stage, TARGET, pidOf, stage, start } from './stage';
import { atMost } from '../rig/atMost';
import { countersAreTold, vacuum } from '../rig/statistics';

const MB = 1024 * 1024;
let on: Stage;
let admin: pg.Client;

beforeAll(async () => {
  on = await stage({
    'postgres.bloat': { minWastedBytes: MB },
    'postgres.sizes': { warning: 60 * MB },
    'postgres.autovacuum': { minDead: 5000 },
  });
});
afterEach(async () => {
  await on.rig.disconnect();
});
afterAll(() => on.dispose());

describe('postgres.sequences', () => {
  test('without a GRANT it is unknown, with the exact statement; that statement is enough', async () => {
    admin = await on.rig.admin();
    await admin.query('CREATE SCHEMA "Odd.schema"; CREATE SEQUENCE "Odd.schema"."Odd.seq"');
    const blind = await on.check('postgres.sequences');
    expect(blind).toMatchObject({
      state: 'unknown',
      reason: 'no-permission',
      value: null,
      fields: { sequences: 1, unreadable: 1, usedRatio: null },
      mend: 'GRANT USAGE ON SCHEMA "Odd.schema" TO "live_runbooks"; GRANT SELECT ON SEQUENCE "Odd.schema"."Odd.seq" TO "live_runbooks";',
    });
    expect(blind.rows.blind).toHaveLength(1);
    await admin.query(String(blind.mend));
    expect(await on.check('postgres.sequences')).toMatchObject({ state: 'ok', value: 0, rows: { blind: [] } });
    await admin.query('CREATE SEQUENCE "Odd.schema".other');
    await admin.query('REVOKE SELECT ON SEQUENCE "Odd.schema"."Odd.seq" FROM live_runbooks');
    const several = await on.check('postgres.sequences');
    expect(several.mend).toBe('GRANT SELECT ON ALL SEQUENCES IN SCHEMA "Odd.schema" TO "live_runbooks";');
    await admin.query('DROP SCHEMA "Odd.schema" CASCADE');
  });

  test('fires near the end of a serial, and at an int column that a bigint sequence fills', async () => {
    admin = await on.rig.admin();
    await admin.query(`
      CREATE TABLE tickets (id serial PRIMARY KEY);
      CREATE SEQUENCE big_seq;
      CREATE TABLE parcels (id int DEFAULT nextval('big_seq') PRIMARY KEY);
      GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO live_runbooks;
      INSERT INTO tickets DEFAULT VALUES; INSERT INTO parcels DEFAULT VALUES`);
    expect((await on.becomes('postgres.sequences', 'ok')).value).toBe(0);
    await admin.query(`SELECT setval('tickets_id_seq', 1900000000)`);
    expect(await on.check('postgres.sequences')).toMatchObject({ state: 'warning', value: 0.885 });
    await admin.query(`SELECT setval('big_seq', 2147480000)`);
    const found = await on.check('postgres.sequences');
    expect(found.state).toBe('critical');
    expect(found.rows.sequences?.[0]).toEqual({
      sequence: 'big_seq',
      column: 'parcels.id',
      lastValue: 2147480000,
      limit: 2147483647,
      usedRatio: 1,
      left: 3647,
    });
    // A finding is not hidden by another sequence that may not be read; and the statement for that one is told too.
    await admin.query('CREATE SEQUENCE unseen');
    const both = await on.check('postgres.sequences');
    expect(both.state).toBe('critical');
    expect(both.mend).toContain('GRANT SELECT ON SEQUENCE public.unseen TO "live_runbooks";');
    await admin.query('DROP TABLE tickets, parcels; DROP SEQUENCE big_seq, unseen');
    await on.becomes('postgres.sequences', 'ok');
  });

  test('counts down, and leaves out what cycles', async () => {
    admin = await on.rig.admin();
    await admin.query(`
      CREATE SEQUENCE down INCREMENT -1 MINVALUE -100 MAXVALUE -1 START -1;
      CREATE SEQUENCE round MAXVALUE 10 CYCLE;
      GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO live_runbooks;
      SELECT setval('down', -90), setval('round', 10)`);
    const found = await on.check('postgres.sequences');
    expect(found).toMatchObject({ state: 'warning', fields: { sequences: 1 } });
    expect(found.rows.sequences).toMatchObject([{ sequence: 'down', limit: -100, left: 10 }]);
    // A locked one is named, and the others are read.
    await admin.query('CREATE SEQUENCE doomed; GRANT SELECT ON SEQUENCE doomed TO live_runbooks');
    const dropper = await on.rig.admin('migration');
    await dropper.query('BEGIN; DROP SEQUENCE doomed');
    const locked = await on.check('postgres.sequences');
    expect(locked).toMatchObject({ state: 'warning', rows: { sequences: [{ sequence: 'down' }] } });
    expect(locked.rows.locked).toMatchObject([{ relation: 'doomed', application: 'migration', granted: true }]);
    expect(locked.rows.blind).toMatchObject([{ object: 'doomed' }]);
    await dropper.query('ROLLBACK');
    await admin.query('DROP SEQUENCE down, round, doomed');
  });
});

describe('postgres.sequences of a database that has thousands', () => {
  const MANY = 2 * SEQUENCES_A_ROUND + 500;
  const ID = 'postgres.sequences';

  test('is looked at over several rounds: ok only after all, the worst is seen anew each time, few locks are held', async () => {
    admin = await on.rig.admin();
    await on.becomes(ID, 'ok');
    await admin.query(`
      CREATE SCHEMA many; GRANT USAGE ON SCHEMA many TO live_runbooks;
      DO $$ BEGIN FOR i IN 1..${MANY} LOOP EXECUTE format('CREATE SEQUENCE many.s%s MAXVALUE 1000', i); END LOOP; END $$;
      GRANT SELECT ON ALL SEQUENCES IN SCHEMA many TO live_runbooks;
      SELECT setval('many.s${MANY}', 990)`);
    const seen = { looks: 0, most: 0 };
    const found = await on.until(ID, 'the last one is found', (check) => {
      seen.looks += 1;
      seen.most = Math.max(seen.most, check.tookMs);
      // On a busy machine a look may be cut short.
      if (check.state !== 'critical' && check.fields.sequences !== null) {
        // The pass before saw none of them, and this one is not through.
        expect(check.state).toBe('unknown');
        expect(check.fields.sequences).toBeLessThan(MANY);
        expect(check.summary).toMatch(/this pass has looked at \d+ of \d+ sequences/);
      }
      return check.state === 'critical';
    });
    expect(seen.looks).toBeGreaterThan(2);
    expect(seen.most).toBeLessThan(atMost(700));
    expect(found.rows.sequences?.[0]).toMatchObject({ sequence: `many.s${MANY}`, left: 10 });
    expect(found.fields).toMatchObject({ sequences: MANY, coverage: 1 });

    // Mended: told at the next look, long before the pass comes to it again.
    await admin.query(`SELECT setval('many.s${MANY}', 100)`);
    expect((await on.becomes(ID, 'ok')).value).toBe(0.099);

    // A new one is met at the end of the pass, one that is gone is forgotten by the time the pass is through.
    await admin.query(`
      CREATE SEQUENCE many.newest MAXVALUE 100; SELECT setval('many.newest', 99);
      GRANT SELECT ON many.newest TO live_runbooks`);
    const newest = await on.becomes(ID, 'critical');
    expect(newest.rows.sequences?.[0]).toMatchObject({ sequence: 'many.newest' });
    await admin.query('DROP SEQUENCE many.newest');
    await on.becomes(ID, 'ok');
    for (let dropped = 0; dropped < MANY; dropped += 500) {
      await admin.query(
        `DO $$ BEGIN FOR i IN ${dropped + 1}..${dropped + 500} LOOP EXECUTE format('DROP SEQUENCE many.s%s', i); END LOOP; END $$`
      );
    }
    await admin.query('DROP SCHEMA many');
    await on.until(ID, 'none is left', (check) => check.state === 'ok' && check.fields.sequences === 0);
  });

  test('a service that starts beside them says what it has not looked at, and is not ok', async () => {
    admin = await on.rig.admin();
    await admin.query(`
      CREATE SCHEMA parts; GRANT USAGE ON SCHEMA parts TO live_runbooks;
      DO $$ BEGIN FOR i IN 1..${3 * SEQUENCES_A_ROUND} LOOP EXECUTE format('CREATE SEQUENCE parts.s%s', i); END LOOP; END $$;
      GRANT SELECT ON ALL SEQUENCES IN SCHEMA parts TO live_runbooks`);
    const fresh = await serve([on.rig.target()]);
    try {
      const looks: CheckResult[] = [];
      const all = await until(
        'all were looked at',
        async () => {
          const look = await runCheck(fresh, TARGET, ID);
          looks.push(look);
          return look;
        },
        ({ state }) => state === 'ok'
      );
      expect(all.fields.coverage).toBe(1);
      // One look is too short for so many; the service has taken a round by itself.
      const before = looks.slice(0, -1);
      expect(before.length).toBeGreaterThan(0);
      expect(before.every(({ state, reason }) => state === 'unknown' && reason === 'timeout')).toBe(true);
    } finally {
      await fresh.close();
      await admin.query('DROP SCHEMA parts CASCADE');
    }
  });
});

describe('postgres.foreign_keys', () => {
  test('fires without an index, with the statement that mends it; quiet after it', async () => {
    admin = await on.rig.admin();
    await admin.query(`
      CREATE TABLE customers (id int, region int, PRIMARY KEY (id, region));
      CREATE TABLE invoices (id int, "Customer" int, region int, FOREIGN KEY ("Customer", region) REFERENCES customers);
      CREATE INDEX ON invoices (id, "Customer", region);
      INSERT INTO customers SELECT i, 1 FROM generate_series(1, 100) i;
      INSERT INTO invoices SELECT i, 1 + i % 100, 1 FROM generate_series(1, 12000) i`);
    // Rows that are told after ANALYZE counted them are counted twice.
    await countersAreTold(admin);
    await admin.query('ANALYZE invoices');
    const found = await on.becomes('postgres.foreign_keys', 'warning');
    expect(found.rows.missing).toMatchObject([
      {
        table: 'invoices',
        columns: '"Customer", region',
        references: 'customers',
        rows: 12000,
        create: 'CREATE INDEX CONCURRENTLY ON invoices ("Customer", region);',
      },
    ]);
    // The order of the columns does not matter, and more may follow.
    await admin.query('CREATE INDEX ON invoices (region, "Customer", id)');
    await on.becomes('postgres.foreign_keys', 'ok');
    await admin.query('DROP TABLE invoices, customers');
  });
});

describe('postgres.bloat', () => {
  test('blind without pgstattuple, with the statement; then it measures what VACUUM could not give back', async () => {
    admin = await on.rig.admin();
    await admin.query(`CREATE TABLE events (id int, filler text) WITH (autovacuum_enabled = off)`);
    expect(await on.check('postgres.bloat')).toMatchObject({ state: 'ok', value: 0 });
    await admin.query(`INSERT INTO events SELECT i, repeat('x', 200) FROM generate_series(1, 40000) i`);
    await admin.query('DELETE FROM events WHERE id % 10 <> 0');
    await vacuum(admin, 'events');
    // Before Postgres 15 the counters come through a collector: at first it still tells of the rows that VACUUM has removed.
    const seen = (check: CheckResult) => check.fields.estimated === 1 && check.fields.bloated === 0;
    const blind = await on.until('postgres.bloat', 'the table is seen, without dead rows', seen);
    expect(blind).toMatchObject({
      state: 'unknown',
      reason: 'not-configured',
      mend: 'CREATE EXTENSION IF NOT EXISTS pgstattuple; GRANT EXECUTE ON FUNCTION pgstattuple_approx(regclass) TO "live_runbooks";',
    });
    await admin.query('CREATE SCHEMA ext; CREATE EXTENSION pgstattuple SCHEMA ext');
    const refused = await on.check('postgres.bloat');
    expect(refused).toMatchObject({ reason: 'no-permission', mend: 'GRANT USAGE ON SCHEMA ext TO "live_runbooks";' });
    await admin.query(String(refused.mend));
    const found = await on.becomes('postgres.bloat', 'warning');
    expect(found.rows.tables?.[0]).toMatchObject({ table: 'events', how: 'measured' });
    expect(Number(found.rows.tables?.[0]?.wastedRatio)).toBeGreaterThan(0.8);
    // pg_monitor may call it; without that, the exact statement.
    await admin.query('REVOKE EXECUTE ON FUNCTION ext.pgstattuple_approx(regclass) FROM pg_stat_scan_tables');
    expect(await on.becomes('postgres.bloat', 'unknown')).toMatchObject({
      mend: 'GRANT EXECUTE ON FUNCTION ext.pgstattuple_approx(regclass) TO "live_runbooks";',
    });
    await admin.query('GRANT EXECUTE ON FUNCTION ext.pgstattuple_approx(regclass) TO pg_stat_scan_tables');
    await admin.query('VACUUM FULL events');
    expect((await on.becomes('postgres.bloat', 'ok')).fields.bloated).toBe(0);
  });

  test('a locked table is named, and only it is not measured', async () => {
    admin = await on.rig.admin();
    await admin.query(
      `CREATE TABLE frozen AS SELECT i AS id, repeat('y', 200) AS filler FROM generate_series(1, 20000) i`
    );
    await admin.query(`CREATE TABLE open AS SELECT * FROM frozen`);
    await admin.query('VACUUM ANALYZE frozen');
    await admin.query('VACUUM ANALYZE open');
    const locker = await on.rig.admin('migration');
    await locker.query('BEGIN; LOCK TABLE frozen IN ACCESS EXCLUSIVE MODE');
    const pid = await pidOf(locker);
    const found = await on.check('postgres.bloat');
    expect(found).toMatchObject({ state: 'unknown', reason: 'timeout', fields: { measured: 1, estimated: 1 } });
    expect(found.rows.blind).toMatchObject([{ object: 'frozen', why: 'it is under AccessExclusiveLock' }]);
    expect(found.rows.locked).toEqual([{ relation: 'frozen', pid, application: 'migration', granted: true }]);
    expect(found.tookMs).toBeLessThan(atMost(700));
    await locker.query('ROLLBACK');
    await on.becomes('postgres.bloat', 'ok');
    await admin.query('DROP TABLE frozen, open, events');
  });
});

describe('postgres.sizes', () => {
  test('quiet, then fires above the configured size, and tells exact and estimated apart', async () => {
    admin = await on.rig.admin();
    const small = await on.becomes('postgres.sizes', 'ok');
    expect(Number(small.fields.databaseBytes)).toBeGreaterThan(5 * MB);
    await admin.query(`CREATE TABLE large (id int PRIMARY KEY, filler text)`);
    await admin.query(`INSERT INTO large SELECT i, repeat('z', 900) FROM generate_series(1, 60000) i`);
    await admin.query('VACUUM ANALYZE large');
    const found = await on.becomes('postgres.sizes', 'warning');
    const [exact] = (await admin.query<{ bytes: string }>(`SELECT pg_total_relation_size('large') AS bytes`)).rows;
    expect(found.rows.tables?.[0]).toMatchObject({ table: 'large', exact: true, totalBytes: Number(exact?.bytes) });
    expect(Number(found.fields.growthPerHour)).toBeGreaterThan(0);

    // Held on the index alone, and queued only, it is a lock all the same.
    const [reader, ddl] = [await on.rig.admin('reader'), await on.rig.admin('reindex')];
    await reader.query('BEGIN; SELECT count(*) FROM large');
    start(ddl, 'ALTER TABLE large ADD COLUMN more int');
    const queued = await on.until('postgres.sizes', 'it queues', (check) => (check.rows.locked?.length ?? 0) > 0);
    expect(queued.rows.locked).toMatchObject([{ relation: 'large', application: 'reindex', granted: false }]);
    expect(queued.rows.tables?.[0]).toMatchObject({ table: 'large', exact: false });
    expect(Number(queued.rows.tables?.[0]?.totalBytes)).toBeGreaterThan(0.9 * Number(exact?.bytes));
    expect(queued.summary).toContain('estimated because locked: large');
    const round = await on.round();
    expect(round.ms).toBeLessThan(atMost(2000));
    expect(round.checks.filter((each) => each.reason === 'timeout').map((each) => each.id)).toEqual([]);
  });
});

describe('postgres.autovacuum', () => {
  test('quiet while on; fires when it is off for the server', async () => {
    admin = await on.rig.admin();
    expect(await on.becomes('postgres.autovacuum', 'ok')).toMatchObject({ fields: { enabled: true, maxWorkers: 3 } });
    await admin.query('ALTER SYSTEM SET autovacuum = off');
    await admin.query('SELECT pg_reload_conf()');
    const found = await on.becomes('postgres.autovacuum', 'warning');
    expect(found).toMatchObject({ fields: { enabled: false }, summary: expect.stringContaining('autovacuum is off') });
    await admin.query('ALTER SYSTEM RESET autovacuum');
    await admin.query('SELECT pg_reload_conf()');
    await on.becomes('postgres.autovacuum', 'ok');
  });

  test('fires on a table that is overdue, by its own threshold, and shows a VACUUM that runs', async () => {
    admin = await on.rig.admin();
    await admin.query(
      `CREATE TABLE queue (id int, v int) WITH (autovacuum_enabled = off, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)`
    );
    await admin.query('INSERT INTO queue SELECT i, 0 FROM generate_series(1, 6000) i');
    await admin.query('UPDATE queue SET v = 1');
    await countersAreTold(admin);
    const found = await on.becomes('postgres.autovacuum', 'warning');
    expect(found.rows.overdue).toMatchObject([
      { table: 'queue', deadTuples: 6000, threshold: 1000, autovacuumOff: true, lastAutovacuum: null },
    ]);
    expect(found.rows.off).toMatchObject([{ table: 'queue' }]);

    const slow = await on.rig.admin('vacuum');
    await slow.query(`SET vacuum_cost_delay = '100ms'`);
    await slow.query('SET vacuum_cost_limit = 1');
    const pid = await pidOf(slow);
    start(slow, 'VACUUM queue');
    const running = await on.until('postgres.autovacuum', 'it runs', (check) => (check.rows.running?.length ?? 0) > 0);
    expect(running.rows.running).toMatchObject([{ pid, table: 'queue', byHand: true, phase: expect.any(String) }]);
    await admin.query('SELECT pg_cancel_backend($1)', [pid]);
    await admin.query('VACUUM queue');
    await on.becomes('postgres.autovacuum', 'ok');
  });
});
