/** Checkpoints, cache, temporary files; damage that checksums and amcheck find. */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type pg from 'pg';
import { checkIn, until } from '../rig/client';
import { postgresTool } from '../rig/postgres-tool';
import { type Stage, stage } from './stage';

let on: Stage;
let admin: pg.Client;

beforeAll(async () => {
  on = await stage(
    {
      'postgres.checkpoints': { warning: 3, windowSeconds: 60 },
      'postgres.cache_hit': { minPerSecond: 50, windowSeconds: 10 },
      'postgres.temporary_files': { warning: 100_000, windowSeconds: 10 },
    },
    { settings: { shared_buffers: '2MB' } },
    async (rig) => {
      await rig.server.stop('fast');
      const { uid, gid } = statSync(rig.server.dataDir);
      execFileSync(postgresTool('pg_checksums'), ['--enable', '-D', rig.server.dataDir], {
        uid,
        gid,
        stdio: 'ignore',
      });
      await rig.server.start();
    }
  );
});
afterEach(() => on.rig.disconnect());
afterAll(() => on.dispose());

test('postgres.checkpoints: quiet, then fires on requested ones', async () => {
  admin = await on.rig.admin();
  expect(await on.becomes('postgres.checkpoints', 'ok')).toMatchObject({ value: 0, fields: { requested: 0 } });
  for (let n = 0; n < 3; n += 1) {
    await admin.query('CHECKPOINT');
  }
  const found = await on.becomes('postgres.checkpoints', 'warning');
  expect(found).toMatchObject({ value: 3, fields: { requested: 3, requestedRatio: 1 } });
  expect(found.mend).toContain('max_wal_size');
});

test('postgres.cache_hit: fires while a large table is read, quiet when little is', async () => {
  admin = await on.rig.admin();
  await admin.query(
    `CREATE TABLE wide AS SELECT i AS id, repeat('x', 1000) AS filler FROM generate_series(1, 20000) i`
  );
  const app = await on.rig.admin('reader');
  let state = 'ok';
  for (let n = 0; n < 40 && state !== 'warning'; n += 1) {
    await app.query('SELECT count(filler) FROM wide');
    await app.query('SELECT pg_stat_force_next_flush()');
    state = (await on.check('postgres.cache_hit')).state;
  }
  const low = await on.check('postgres.cache_hit');
  expect(low.state).toBe('warning');
  expect(Number(low.fields.hitRatio)).toBeLessThan(0.99);
  expect(Number(low.fields.readPerSecond)).toBeGreaterThan(50);
  const calm = await on.becomes('postgres.cache_hit', 'ok');
  expect(calm.fields.hitRatio === null || Number(calm.fields.hitRatio) > 0.99).toBe(true);
});

test('postgres.temporary_files: quiet, then fires on a sort that does not fit', async () => {
  admin = await on.rig.admin();
  expect(await on.becomes('postgres.temporary_files', 'ok')).toMatchObject({ fields: { files: 0, bytes: 0 } });
  await admin.query(`SET work_mem = '64kB'`);
  await admin.query('SELECT count(*) FROM (SELECT i FROM generate_series(1, 300000) i ORDER BY md5(i::text)) s');
  await admin.query('SELECT pg_stat_force_next_flush()');
  const found = await on.becomes('postgres.temporary_files', 'warning');
  expect(Number(found.fields.bytes)).toBeGreaterThan(1_000_000);
  expect(Number(found.fields.files)).toBeGreaterThan(0);
  await on.becomes('postgres.temporary_files', 'ok');
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
  await admin.query('SELECT pg_stat_force_next_flush()');
  const found = await on.becomes('postgres.checksums', 'critical');
  expect(found.rows.databases).toMatchObject([{ database: 'shop', failures: 1, last: expect.any(String) }]);
});
