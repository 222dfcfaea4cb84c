/**
 * The same questions on every PostgreSQL that can be had, or on that of POSTGRES_MAJOR: views and columns differ between 13
 * and 18.
 */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PINNED, binariesOf, fetchVersion } from '../versions/fetch.mjs';
import { ask, checkIn, cutShort, roundOf, until, untilState } from '../rig/client';
import { type PostgresRig, postgresRig } from '../rig/postgres';
import { type TestService, serve } from '../rig/service';
import { atMost } from '../rig/atMost';
import { vacuum } from '../rig/statistics';

const TARGET = 'shop-postgres';
/** What a healthy, lightly used server with nothing but grants.sql may leave unknown. */
const MAY_BE_UNKNOWN: Readonly<Record<string, string>> = {
  'postgres.archiver': 'not-applicable',
  'postgres.replication': 'not-applicable',
  'postgres.checksums': 'not-applicable',
  'postgres.migrations': 'not-applicable',
  'postgres.row_security': 'not-applicable',
  'postgres.queries': 'not-applicable',
  'postgres.amcheck': 'not-applicable',
};

const bundled = readdirSync('/usr/lib/postgresql').filter((name) => /^\d+$/.test(name));
const majors = [...new Set([...bundled, ...Object.keys(PINNED)])]
  .filter((major) => (process.env.POSTGRES_MAJOR ?? major) === major)
  .sort((a, b) => Number(a) - Number(b));

describe.each(majors)('PostgreSQL %s', (major) => {
  const isBundled = bundled.includes(major);
  if (!isBundled) {
    try {
      fetchVersion(major);
    } catch {
      // Said below, by the skipped test.
    }
  }
  const bin = isBundled ? `/usr/lib/postgresql/${major}/bin` : binariesOf(major);
  if (bin === undefined) {
    test.skip(`is not here: node diagnostics/tests/versions/fetch.mjs ${major}`, () => undefined);
    return;
  }

  let rig: PostgresRig;
  let service: TestService;
  beforeAll(async () => {
    rig = await postgresRig({ bin, settings: { wal_level: 'logical', max_wal_size: '64MB' } });
    const admin = await rig.admin();
    await admin.query(`CREATE EXTENSION pgstattuple; CREATE EXTENSION amcheck;
      GRANT EXECUTE ON FUNCTION bt_index_check(regclass) TO live_runbooks`);
    await admin.query('CREATE TABLE orders (id serial PRIMARY KEY, customer int NOT NULL)');
    await admin.query('INSERT INTO orders (customer) SELECT i FROM generate_series(1, 1000) i');
    await admin.query('GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO live_runbooks');
    await vacuum(admin, 'ANALYZE orders');
    service = await serve([
      rig.target({
        checks: {
          'postgres.replication_slots': { inactiveSeconds: 0 },
          // A few empty pages are bloat here.
          'postgres.bloat': { minWastedBytes: 16_384 },
          'postgres.checkpoints': { warning: 1, windowSeconds: 10, everySeconds: 0 },
        },
      }),
    ]);
  });
  afterAll(async () => {
    await service?.close();
    await rig?.dispose();
  });

  test('a full round: every check answers, or says why not', async () => {
    const settled = await until(
      'rates are known',
      () => roundOf(service, TARGET),
      (round) =>
        !round.checks.some(cutShort) &&
        checkIn(round, 'postgres.cache_hit').reason !== 'no-series' &&
        checkIn(round, 'postgres.wal').fields.bytesPerSecond !== undefined
    );
    expect(String(checkIn(settled, 'postgres.settings').fields.serverVersion)).toMatch(new RegExp(`^${major}\\.`));
    const wrong = settled.checks
      .filter((check) => check.state === 'unknown' && check.reason !== 'no-series')
      .filter((check) => MAY_BE_UNKNOWN[check.id] !== check.reason)
      .map((check) => `${check.id}: ${check.reason ?? ''}: ${check.summary}`);
    expect(wrong).toEqual([]);
    expect(settled.tookMs).toBeLessThan(atMost(1000));
    // The rig turns fsync off.
    expect(settled.checks.filter((check) => check.state === 'critical').map((check) => check.id)).toEqual([
      'postgres.settings',
    ]);
  });

  test('an unused slot, and checkpoints by request', async () => {
    const admin = await rig.admin();
    await admin.query(`SELECT pg_create_physical_replication_slot('lost_replica', true)`);
    const found = await untilState(service, TARGET, 'postgres.replication_slots', 'warning');
    expect(found.rows.slots).toMatchObject([
      {
        slot: 'lost_replica',
        type: 'physical',
        active: false,
        walStatus: 'reserved',
        retainedBytes: expect.any(Number),
      },
    ]);
    await admin.query(`SELECT pg_drop_replication_slot('lost_replica')`);
    expect((await untilState(service, TARGET, 'postgres.replication_slots', 'ok')).fields.slots).toBe(0);

    const requested = await until(
      'WAL asks for checkpoints',
      async () => {
        for (let n = 0; n < 5; n += 1) {
          await admin.query(`SELECT pg_logical_emit_message(false, 'test', 'x'), pg_switch_wal()`);
        }
        return checkOf('postgres.checkpoints');
      },
      (check) => check.state === 'warning'
    );
    expect(Number(requested.fields.requested)).toBeGreaterThan(0);
  });

  test('a serial near its end, bloat that is measured, and indexes that are sound', async () => {
    const admin = await rig.admin();
    await admin.query(`SELECT setval('orders_id_seq', 2147480000)`);
    expect(await untilState(service, TARGET, 'postgres.sequences', 'critical')).toMatchObject({
      rows: { sequences: [{ sequence: 'orders_id_seq', column: 'orders.id', left: 3647 }] },
    });
    await admin.query(`SELECT setval('orders_id_seq', 1000)`);
    expect((await checkOf('postgres.sequences')).state).toBe('ok');
    await admin.query('DELETE FROM orders WHERE id % 10 <> 0');
    await vacuum(admin, 'ANALYZE orders');
    expect(await checkOf('postgres.bloat')).toMatchObject({ state: 'warning', fields: { measured: 1 } });
    expect(await checkOf('postgres.amcheck')).toMatchObject({ state: 'ok', fields: { checked: 1, notChecked: 0 } });
  });

  test('slow statements, by the version of pg_stat_statements', async () => {
    const app = await rig.app();
    await checkOf('postgres.statements');
    const found = await until(
      'they are slow',
      async () => {
        await app.query('SELECT pg_sleep(0.04)');
        return checkOf('postgres.statements');
      },
      (check) => check.rows.slow?.some(({ query }) => query === 'SELECT pg_sleep($1)') === true
    );
    expect(found.state).toBe('warning');
  });

  async function checkOf(id: string) {
    const { body } = await ask<Awaited<ReturnType<typeof untilState>>>(service, `/v1/targets/${TARGET}/checks/${id}`, {
      method: 'POST',
    });
    return body;
  }
});
