/** The service itself does no harm: it needs no more than it has, takes no strong lock, and waits for none. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CheckResult } from '@live-runbooks/engine';
import type pg from 'pg';
import { postgresChecks } from '../../src/postgres/checks';
import { runCheck, until, untilState } from '../rig/client';
import { serve } from '../rig/service';
import { type Stage, TARGET, stage } from './stage';
import { atMost } from '../rig/atMost';
import { countersAreTold } from '../rig/statistics';

let on: Stage;
let admin: pg.Client;

const EVERY = Object.fromEntries(
  postgresChecks
    .filter((check) => 'everySeconds' in check.options.shape)
    .map((check) => [check.id, { everySeconds: 0 }])
);

beforeAll(async () => {
  on = await stage({
    ...EVERY,
    'postgres.bloat': { everySeconds: 0, minWastedBytes: 1 },
    'postgres.queries': {
      everySeconds: 0,
      queries: [{ name: 'n', sql: 'SELECT count(*) AS n FROM public.orders', value: 'n' }],
    },
  });
  admin = await on.rig.admin();
  await admin.query(`
    CREATE EXTENSION pgstattuple; CREATE EXTENSION amcheck;
    GRANT EXECUTE ON FUNCTION bt_index_check(regclass) TO live_runbooks;
    CREATE TABLE orders (id serial PRIMARY KEY, customer int); INSERT INTO orders (customer) SELECT i FROM generate_series(1, 5000) i;
    CREATE TABLE schema_migrations (version bigint, dirty boolean); INSERT INTO schema_migrations VALUES (1, false);
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO live_runbooks;
    GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO live_runbooks`);
  await countersAreTold(admin);
  await admin.query('VACUUM ANALYZE');
});
afterEach(async () => {
  await on.rig.disconnect();
  admin = await on.rig.admin();
});
afterAll(() => on.dispose());

const unknownIn = (checks: readonly CheckResult[]): string[] =>
  checks
    .filter((check) => check.state === 'unknown' && check.reason !== 'not-applicable')
    .map((check) => `${check.id}: ${check.reason ?? ''}: ${check.summary}`);

test('every check answers beside EXCLUSIVE locks on tables, sequences and catalogs: it takes AccessShareLock at most', async () => {
  await until('rates are known', on.round, (round) => unknownIn(round.checks).length === 0);
  const locker = await on.rig.admin('locker');
  // Of all that conflicts with anything above AccessShareLock, the strongest that lets AccessShareLock pass. On sequences
  // ALTER SEQUENCE takes ShareRowExclusiveLock, which does not let RowExclusiveLock pass.
  await locker.query('BEGIN');
  await locker.query('ALTER SEQUENCE orders_id_seq CACHE 1');
  await locker.query(
    'LOCK TABLE orders, schema_migrations, pg_class, pg_index, pg_attribute, pg_constraint, pg_sequence, pg_database, pg_authid IN EXCLUSIVE MODE'
  );
  const held = Date.now();
  const round = await until('a round beside them', on.round, (each) => each.startedAt > held);
  expect(unknownIn(round.checks)).toEqual([]);
  expect(await on.check('postgres.amcheck')).toMatchObject({ state: 'ok', fields: { checked: 1, notChecked: 0 } });
  expect(round.tookMs).toBeLessThan(atMost(1000));
});

test('under AccessExclusiveLock on a table only what reads it degrades, and says which', async () => {
  const locker = await on.rig.admin('locker');
  await locker.query('BEGIN; LOCK TABLE schema_migrations IN ACCESS EXCLUSIVE MODE');
  const held = Date.now();
  const round = await until('a round beside it', on.round, (each) => each.startedAt > held);
  expect(unknownIn(round.checks).map((text) => text.split(':')[0])).toEqual(['postgres.migrations', 'postgres.bloat']);
  for (const id of ['postgres.migrations', 'postgres.bloat']) {
    expect(JSON.stringify(round.checks.find((check) => check.id === id))).toContain('schema_migrations');
  }
  expect(round.tookMs).toBeLessThan(atMost(1000));
});

test('the role has pg_monitor and what was granted by name: nothing else', async () => {
  const { rows } = await admin.query(
    `SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolconnlimit,
            (SELECT array_agg(g.rolname::text) FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid) AS member_of
     FROM pg_roles r WHERE rolname = 'live_runbooks'`
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
    },
  ]);
});

describe('without pg_monitor', () => {
  test('what would be wrong is unknown, with the exact statement; and with it, known again', async () => {
    await admin.query('REVOKE pg_monitor FROM live_runbooks');
    // Abilities are looked up twice a minute: a service that starts now learns them at once.
    const fresh = await serve([on.rig.target()]);
    try {
      for (const id of [
        'xmin_holders',
        'autovacuum',
        'replication',
        'wal',
        'temporary_files',
        'connections',
        'blocking',
      ]) {
        const found = await runCheck(fresh, TARGET, `postgres.${id}`);
        expect(found, id).toMatchObject({ state: 'unknown', reason: 'no-permission', value: null });
        expect(found.mend, id).toBe('GRANT pg_monitor TO "live_runbooks";');
      }
      await admin.query('GRANT pg_monitor TO live_runbooks');
      for (const id of ['postgres.wal', 'postgres.xmin_holders']) {
        await untilState(fresh, TARGET, id, 'ok');
      }
    } finally {
      await fresh.close();
    }

    await admin.query('REVOKE EXECUTE ON FUNCTION pg_ls_waldir() FROM pg_monitor');
    expect(await on.check('postgres.wal')).toMatchObject({
      reason: 'no-permission',
      mend: 'GRANT EXECUTE ON FUNCTION pg_ls_waldir() TO "live_runbooks";',
    });
  });
});
