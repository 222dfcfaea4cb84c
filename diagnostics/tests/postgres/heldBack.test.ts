/** What holds back VACUUM, and how near wraparound is. */
import { execFileSync } from 'node:child_process';
import { chownSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type pg from 'pg';
import { needs } from '../rig/needs';
import { postgresTool } from '../rig/postgresTool';
import { type Stage, pidOf, stage } from './stage';

let on: Stage;
let admin: pg.Client;

beforeAll(async () => {
  on = await stage(
    { 'postgres.xmin_holders': { warning: 100, critical: 1_000_000 } },
    { settings: { wal_level: 'logical' } }
  );
  admin = await on.rig.admin();
  await admin.query(`CREATE TABLE accounts (id int); GRANT ALL ON accounts TO shop;
    CREATE PROCEDURE burn(n int) LANGUAGE plpgsql AS $$ BEGIN FOR i IN 1..n LOOP PERFORM txid_current(); COMMIT; END LOOP; END $$`);
});
afterEach(async () => {
  await on.rig.disconnect();
  admin = await on.rig.admin();
});
afterAll(() => on.dispose());

const burn = (): Promise<unknown> => admin.query('CALL burn(150)');

describe('postgres.xmin_holders', () => {
  test('a session with an old snapshot, then quiet', async () => {
    await on.becomes('postgres.xmin_holders', 'ok');
    const holder = await on.rig.app('reporting');
    await holder.query(`BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*), 'secret-4711' FROM accounts`);
    const pid = await pidOf(holder);
    await burn();
    const found = await on.becomes('postgres.xmin_holders', 'warning');
    expect(found.fields).toMatchObject({ oldestKind: 'session' });
    expect(found.rows.holders?.[0]).toMatchObject({ kind: 'session', pid, application: 'reporting', user: 'shop' });
    expect(Number(found.value)).toBeGreaterThanOrEqual(150);
    expect(found.mend).toContain('pg_terminate_backend');
    expect(JSON.stringify(found)).not.toContain('secret-4711');
    await holder.query('ROLLBACK');
    await on.becomes('postgres.xmin_holders', 'ok');
  });

  test('a prepared transaction', async () => {
    const holder = await on.rig.app();
    await holder.query('BEGIN; INSERT INTO accounts VALUES (1)');
    await holder.query(`PREPARE TRANSACTION 'orphan-2'`);
    await burn();
    const found = await on.becomes('postgres.xmin_holders', 'warning');
    expect(found.rows.holders).toMatchObject([{ kind: 'prepared', name: 'orphan-2', user: 'shop', pid: null }]);
    expect(found.mend).toContain('ROLLBACK PREPARED');
    await admin.query(`ROLLBACK PREPARED 'orphan-2'`);
    await on.becomes('postgres.xmin_holders', 'ok');
  });

  test('a logical slot, which holds back only the catalogs', async () => {
    await admin.query(`SELECT pg_create_logical_replication_slot('lost_subscriber', 'test_decoding')`);
    await burn();
    const found = await on.becomes('postgres.xmin_holders', 'warning');
    expect(found.rows.holders).toMatchObject([{ kind: 'slot', name: 'lost_subscriber', catalogOnly: true, pid: null }]);
    await admin.query(`SELECT pg_drop_replication_slot('lost_subscriber')`);
    await on.becomes('postgres.xmin_holders', 'ok');
  });
});

describe('postgres.freeze_age', () => {
  test('quiet on a young cluster', async () => {
    const young = await on.becomes('postgres.freeze_age', 'ok');
    expect(young.value).toBe(0);
    expect(young.fields).toMatchObject({ freezeMaxAge: 200_000_000 });
  });

  const resetwal = postgresTool('pg_resetwal', 'same');
  const program = 'program' in resetwal ? resetwal.program : '';
  needs('lacks' in resetwal ? resetwal.lacks : undefined)('fires past half of the way to wraparound', async () => {
    // The real thing: a server whose next transaction id is 1.2 thousand million ahead, and still freezes nothing.
    await on.rig.disconnect();
    await on.rig.server.stop('fast');
    const { dataDir } = on.rig.server;
    const { uid, gid } = statSync(dataDir);
    const xid = 1_200_000_000;
    const segment = join(
      dataDir,
      'pg_xact',
      Math.floor(xid / (32 * 32_768))
        .toString(16)
        .toUpperCase()
        .padStart(4, '0')
    );
    writeFileSync(segment, Buffer.alloc(32 * 8192));
    chownSync(segment, uid, gid);
    execFileSync(program, ['-f', '-x', String(xid), dataDir], {
      uid,
      gid,
      stdio: 'ignore',
    });
    await on.rig.server.start();
    admin = await on.rig.admin();
    const found = await on.becomes('postgres.freeze_age', 'warning');
    expect(found.fields.oldestTransactions).toBeGreaterThan(1_190_000_000);
    expect(found.value).toBeCloseTo(0.56, 1);
    expect(found.rows.tables?.length).toBe(10);
    expect(found.summary).toMatch(/^5[56] % of the way to wraparound/);
  });
});
