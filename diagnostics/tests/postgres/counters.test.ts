/** Checkpoints, cache, temporary files; damage that checksums and amcheck find. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CheckResult } from '@live-runbooks/engine';
import type pg from 'pg';
import { checkIn, until } from '../rig/client';
import { countersAreTold } from '../rig/statistics';
import { type Stage, stage } from './stage';

let on: Stage;
let admin: pg.Client;

beforeAll(async () => {
  on = await stage(
    {
      'postgres.checkpoints': { warning: 3, windowSeconds: 30 },
      // Here the system has every block in memory, and a read is short.
      'postgres.cache_hit': { minPerSecond: 50, minWaiting: 0.02, windowSeconds: 10 },
      'postgres.temporary_files': { warning: 100_000, windowSeconds: 10 },
    },
    {
      checksums: true,
      settings: { shared_buffers: '2MB', max_wal_size: '32MB', min_wal_size: '32MB', wal_level: 'logical' },
    }
  );
});
afterEach(() => on.rig.disconnect());
afterAll(() => on.dispose());

describe('postgres.checkpoints', () => {
  test('one that somebody asks for is none of WAL', async () => {
    admin = await on.rig.admin();
    // Before 15, CREATE DATABASE asks for some.
    const none = (each: CheckResult) => each.state === 'ok' && each.fields.requested === 0;
    expect(await on.until('postgres.checkpoints', 'none is asked for', none)).toMatchObject({ value: 0 });
    for (let n = 0; n < 4; n += 1) {
      await admin.query('CHECKPOINT');
      expect((await on.check('postgres.checkpoints')).state).toBe('ok');
    }
    const asked = await on.until('postgres.checkpoints', 'counted', (check) => Number(check.fields.requested) >= 4);
    expect(asked).toMatchObject({ state: 'ok', fields: { requestedRatio: 1, byWal: false } });
  });

  test('fires when WAL asks for them again and again', async () => {
    admin = await on.rig.admin();
    const found = await until(
      'it is WAL',
      async () => {
        for (let n = 0; n < 3; n += 1) {
          await admin.query(`SELECT pg_logical_emit_message(false, 'test', 'x'), pg_switch_wal()`);
        }
        return on.check('postgres.checkpoints');
      },
      (check) => check.state === 'warning'
    );
    expect(found.fields).toMatchObject({ byWal: true });
    expect(found.summary).toContain('WAL fills max_wal_size');
    expect(found.mend).toContain('max_wal_size');
  });
});

describe('postgres.cache_hit', () => {
  test('fires while blocks push each other out and sessions wait for them, then is quiet', async () => {
    admin = await on.rig.admin();
    await admin.query(
      `CREATE TABLE wide AS SELECT i AS id, repeat('x', 1000) AS filler FROM generate_series(1, 20000) i`
    );
    const readers = [await on.rig.app('shop-api'), await on.rig.app('shop-worker')];
    await admin.query('GRANT SELECT ON wide TO shop');
    let reading = true;
    // One after the other until the check has seen it; nobody waits for the answer.
    const read = async (reader: pg.Client): Promise<void> => {
      while (reading) {
        await reader.query('SELECT count(filler) FROM wide');
      }
    };
    const busy = readers.map((reader) => read(reader).catch(() => undefined));
    try {
      const low = await on.becomes('postgres.cache_hit', 'warning');
      expect(Number(low.fields.hitRatio)).toBeLessThan(0.99);
      expect(Number(low.fields.turnover)).toBeGreaterThan(1);
      expect(Number(low.fields.waitingForReads)).toBeGreaterThan(0.02);
      expect(low.summary).toContain('wait for the others');
    } finally {
      reading = false;
      await Promise.all(busy);
    }
    const calm = await on.becomes('postgres.cache_hit', 'ok');
    expect(calm.fields.hitRatio === null || calm.fields.waitingForReads !== null).toBe(true);
  });
});

describe('postgres.temporary_files', () => {
  const spill = async (): Promise<void> => {
    await admin.query(`SET work_mem = '64kB'`);
    await admin.query('SELECT count(*) FROM (SELECT i FROM generate_series(1, 100000) i ORDER BY md5(i::text)) s');
    await countersAreTold(admin);
  };

  test('quiet, and quiet for one report', async () => {
    admin = await on.rig.admin();
    expect(await on.becomes('postgres.temporary_files', 'ok')).toMatchObject({ fields: { files: 0, bytes: 0 } });
    await spill();
    const once = await on.until('postgres.temporary_files', 'counted', (check) => Number(check.fields.files) > 0);
    expect(once).toMatchObject({ state: 'ok', fields: { recurs: false } });
    expect(once.summary).toContain('they do not come again and again');
  });

  test('fires on a statement that spills again and again, and names it; then quiet', async () => {
    admin = await on.rig.app('shop-api');
    const found = await until(
      'it recurs',
      async () => {
        await spill();
        return on.check('postgres.temporary_files');
      },
      (check) => check.state === 'warning' && Number(check.rows.statements?.[0]?.calls) > 1
    );
    expect(found.fields).toMatchObject({ recurs: true });
    expect(Number(found.fields.share)).toBeGreaterThan(0.02);
    const [first] = found.rows.statements ?? [];
    admin = await on.rig.admin();
    const { rows } = await admin.query<{ query: string }>(
      `SELECT query FROM pg_stat_statements WHERE queryid = ${String(first?.queryId)}`
    );
    expect(rows[0]?.query).toContain('ORDER BY md5');
    await on.becomes('postgres.temporary_files', 'ok');
  });
});

describe('postgres.amcheck', () => {
  test('runs on demand only; each missing piece is named with the exact statement', async () => {
    admin = await on.rig.admin();
    const idle = checkIn(await on.round(), 'postgres.amcheck');
    expect(idle).toMatchObject({ state: 'unknown', reason: 'not-applicable', fields: { checked: null } });
    expect(await on.check('postgres.amcheck')).toMatchObject({
      state: 'unknown',
      reason: 'not-configured',
      mend: 'CREATE EXTENSION amcheck; GRANT EXECUTE ON FUNCTION bt_index_check(regclass) TO "live_runbooks";',
    });
    await admin.query('CREATE EXTENSION amcheck');
    const refused = await on.check('postgres.amcheck');
    expect(refused).toMatchObject({
      state: 'unknown',
      reason: 'no-permission',
      mend: 'GRANT EXECUTE ON FUNCTION public.bt_index_check(regclass) TO "live_runbooks";',
    });
    await admin.query(String(refused.mend));
  });

  test('quiet on sound indexes, names a locked one, fires on a damaged one; rounds then show it', async () => {
    admin = await on.rig.admin();
    // An operator class whose order changes later: what a new collation does to an index on text.
    await admin.query(`
      CREATE TABLE sound (id int PRIMARY KEY); INSERT INTO sound SELECT generate_series(1, 5000);
      CREATE TABLE words (id int);
      CREATE FUNCTION word_order(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT CASE WHEN a < b THEN -1 WHEN a > b THEN 1 ELSE 0 END';
      CREATE OPERATOR CLASS word_ops FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 word_order(int, int);
      INSERT INTO words SELECT generate_series(1, 500);
      CREATE INDEX words_id ON words (id word_ops)`);
    const sound = await on.becomes('postgres.amcheck', 'ok');
    expect(sound).toMatchObject({ value: 0, fields: { checked: 2, notChecked: 0 } });

    const locker = await on.rig.admin('migration');
    await locker.query('BEGIN; LOCK TABLE sound IN ACCESS EXCLUSIVE MODE');
    const partly = await on.check('postgres.amcheck');
    expect(partly).toMatchObject({ state: 'unknown', reason: 'timeout', fields: { checked: 1, notChecked: 1 } });
    expect(partly.rows.notChecked).toMatchObject([{ index: 'sound_pkey', table: 'sound', why: 'locked' }]);
    expect(partly.mend).toContain(`pg_amcheck --database=shop --index='sound_pkey'`);
    await locker.query('ROLLBACK');

    await admin.query(
      `CREATE OR REPLACE FUNCTION word_order(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT CASE WHEN a < b THEN 1 WHEN a > b THEN -1 ELSE 0 END'`
    );
    const found = await on.becomes('postgres.amcheck', 'critical');
    expect(found.rows.damaged).toMatchObject([
      { index: 'words_id', table: 'words', message: expect.stringContaining('words_id') },
    ]);
    expect(found.mend).toContain('REINDEX INDEX CONCURRENTLY');
    const later = await until('a later round', on.round, (round) => round.startedAt > found.askedAt);
    const shown = checkIn(later, 'postgres.amcheck');
    expect(shown).toMatchObject({ state: 'critical', askedAt: found.askedAt });
    await admin.query('DROP TABLE words');
  });
});

test('postgres.checksums: quiet, then fires on a page that was damaged on the disk', async () => {
  admin = await on.rig.admin();
  await admin.query('CREATE TABLE ledger AS SELECT i AS id FROM generate_series(1, 5000) i');
  expect(await on.becomes('postgres.checksums', 'ok')).toMatchObject({ value: 0 });
  const { rows } = await admin.query<{ path: string }>(`SELECT pg_relation_filepath('ledger') AS path`);
  await on.rig.disconnect();
  await on.rig.server.stop('fast');
  const file = openSync(join(on.rig.server.dataDir, rows[0]?.path ?? ''), 'r+');
  writeSync(file, Buffer.from('damage'), 0, 6, 8192 + 4000);
  closeSync(file);
  await on.rig.server.start();
  admin = await on.rig.admin();
  await expect(admin.query('SELECT count(*) FROM ledger')).rejects.toThrow(/invalid page/);
  await countersAreTold(admin);
  const found = await on.becomes('postgres.checksums', 'critical');
  expect(found.rows.databases).toMatchObject([{ database: 'shop', failures: 1, last: expect.any(String) }]);
  expect(found.summary).toBe('a damaged page was read once in shop');
  // The server counts reads, not pages: the same page again is no second one.
  await expect(admin.query('SELECT count(*) FROM ledger')).rejects.toThrow(/invalid page/);
  await countersAreTold(admin);
  const again = await on.until('postgres.checksums', 'read again', (check) => Number(check.fields.failures) > 1);
  expect(again.summary).toBe('damaged pages were read 2 times (one page counts each time) in shop');
});
