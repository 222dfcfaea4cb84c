/** Slots, WAL, the archiver, and a real replica: each fires and keeps quiet. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import pg from 'pg';
import type { PostgresServer } from '../../../demo/src/servers';
import { runCheck, until } from '../rig/client';
import { replicaOf } from '../rig/replica';
import { serve } from '../rig/service';
import { TARGET, type Stage, stage } from './stage';

let on: Stage;
let admin: pg.Client;
const MB = 1024 * 1024;

beforeAll(async () => {
  on = await stage(
    {
      'postgres.replication_slots': { inactiveSeconds: 1 },
      'postgres.wal': { warning: 1.5, critical: 50 },
    },
    {
      settings: {
        wal_level: 'logical',
        max_wal_size: '32MB',
        min_wal_size: '32MB',
        archive_mode: 'on',
        archive_command: 'true',
        hot_standby: 'on',
      },
    }
  );
});
afterEach(() => on.rig.disconnect());
afterAll(() => on.dispose());

/** Fills whole WAL files, without tables. */
const writeWal = async (files: number): Promise<void> => {
  for (let n = 0; n < files; n += 1) {
    await admin.query(`SELECT pg_logical_emit_message(false, 'test', 'x')`);
    await admin.query('SELECT pg_switch_wal()');
  }
};

describe('postgres.replication_slots and postgres.wal', () => {
  test('an unused slot keeps WAL until it is lost', async () => {
    admin = await on.rig.admin();
    expect(await on.becomes('postgres.replication_slots', 'ok')).toMatchObject({
      value: 0,
      fields: { slots: 0, retainedBytes: 0 },
    });
    await writeWal(1);
    await admin.query('CHECKPOINT');
    await on.becomes('postgres.wal', 'ok');

    await admin.query(`SELECT pg_create_physical_replication_slot('lost_replica', true)`);
    await on.check('postgres.replication_slots');
    await writeWal(6);
    const found = await on.until(
      'postgres.replication_slots',
      'it is inactive for long',
      (check) => Number(check.rows.slots?.[0]?.inactiveSeconds) >= 1
    );
    expect(found).toMatchObject({ state: 'warning', summary: expect.stringContaining('nobody reads it for') });
    expect(found.rows.slots).toMatchObject([{ slot: 'lost_replica', type: 'physical', active: false, database: null }]);
    expect(Number(found.fields.retainedBytes)).toBeGreaterThan(80 * MB);
    expect(found.mend).toContain('pg_drop_replication_slot');
    const full = await on.becomes('postgres.wal', 'warning');
    expect(Number(full.fields.directoryBytes)).toBeGreaterThan(1.5 * Number(full.fields.expectedBytes));
    expect(full.fields.expectedBytes).toBe(32 * MB);
    expect(Number(full.fields.bytesPerSecond)).toBeGreaterThan(MB);

    await admin.query(`ALTER SYSTEM SET max_slot_wal_keep_size = '16MB'`);
    await admin.query('SELECT pg_reload_conf()');
    // On its way it is "unreserved"; a checkpoint that knows of the new limit makes it lost.
    const lost = await until(
      'it is lost',
      async () => {
        await admin.query('CHECKPOINT');
        return on.check('postgres.replication_slots');
      },
      (check) => check.rows.slots?.[0]?.walStatus === 'lost'
    );
    expect(lost.state).toBe('critical');
    expect(lost.rows.slots).toMatchObject([{ walStatus: 'lost', trouble: 'lost: its WAL is gone' }]);
    expect(lost.mend).toContain('build that replica anew');
    expect(lost.mend).not.toContain('Start its consumer');
    await admin.query(`SELECT pg_drop_replication_slot('lost_replica')`);
    await admin.query('ALTER SYSTEM RESET max_slot_wal_keep_size');
    await admin.query('SELECT pg_reload_conf()');
    await on.becomes('postgres.replication_slots', 'ok');
  });
});

describe('postgres.archiver', () => {
  test('quiet while it works, fires when the command fails, quiet when it works again', async () => {
    admin = await on.rig.admin();
    await writeWal(1);
    const well = await on.until('postgres.archiver', 'it archived', (check) => Number(check.fields.archivedCount) > 0);
    expect(well).toMatchObject({ state: 'ok', fields: { failing: false } });
    await admin.query(`ALTER SYSTEM SET archive_command = 'false'`);
    await admin.query('SELECT pg_reload_conf()');
    await writeWal(2);
    const found = await on.becomes('postgres.archiver', 'critical');
    expect(found.fields).toMatchObject({ failing: true, lastFailedWal: expect.stringMatching(/^[0-9A-F]{24}$/) });
    expect(Number(found.fields.waiting)).toBeGreaterThan(0);
    await admin.query('ALTER SYSTEM RESET archive_command');
    await admin.query('SELECT pg_reload_conf()');
    await on.becomes('postgres.archiver', 'ok');
  });

  test('may not look: the exact statement', async () => {
    admin = await on.rig.admin();
    await admin.query('REVOKE EXECUTE ON FUNCTION pg_ls_archive_statusdir() FROM pg_monitor');
    expect(await on.check('postgres.archiver')).toMatchObject({
      state: 'unknown',
      reason: 'no-permission',
      fields: { waiting: null },
      mend: 'GRANT EXECUTE ON FUNCTION pg_ls_archive_statusdir() TO "live_runbooks";',
    });
    await admin.query('GRANT EXECUTE ON FUNCTION pg_ls_archive_statusdir() TO pg_monitor');
  });
});

describe('postgres.replication', () => {
  test('not applicable to a primary alone, critical when replicas are expected', async () => {
    expect(await on.check('postgres.replication')).toMatchObject({ state: 'unknown', reason: 'not-applicable' });
    const expecting = await serve([on.rig.target({ checks: { 'postgres.replication': { expectReplicas: 1 } } })]);
    try {
      expect(await runCheck(expecting, TARGET, 'postgres.replication')).toMatchObject({
        state: 'critical',
        summary: '0 of 1 replicas stream',
      });
    } finally {
      await expecting.close();
    }
  });

  test('a replica: quiet, then replay paused, seen from both sides, then its primary gone', async () => {
    const { server } = on.rig;
    let replica: PostgresServer | undefined;
    let replicaService: Awaited<ReturnType<typeof serve>> | undefined;
    try {
      replica = await replicaOf(server);
      replicaService = await serve([on.rig.target({ id: 'replica', port: replica.port })]);
      const onReplica = () =>
        runCheck(replicaService as NonNullable<typeof replicaService>, 'replica', 'postgres.replication');
      admin = await on.rig.admin();
      const well = await on.becomes('postgres.replication', 'ok');
      expect(well.rows.replicas).toMatchObject([{ application: 'replica-1', state: 'streaming', sync: 'async' }]);
      expect(well.fields).toMatchObject({ role: 'primary', replicas: 1, paused: null });
      const there = await until(
        'it has caught up',
        onReplica,
        ({ state, fields }) => state === 'ok' && fields.lagBytes === 0
      );
      expect(there.fields).toMatchObject({
        role: 'replica',
        receiving: true,
        paused: false,
        lagBytes: 0,
        lagSeconds: 0,
      });

      const standby = async (...statements: string[]): Promise<void> => {
        const client = new pg.Client({ connectionString: replica?.superuserUrl });
        await client.connect();
        for (const sql of statements) {
          await client.query(sql);
        }
        await client.end();
      };
      await standby('SELECT pg_wal_replay_pause()');
      await admin.query('CREATE TABLE after_pause AS SELECT generate_series(1, 1000)');
      const paused = await until(
        'it is paused',
        onReplica,
        (check) => check.fields.paused === true && Number(check.fields.lagBytes) > 0
      );
      expect(paused).toMatchObject({ state: 'warning', mend: expect.stringContaining('pg_wal_replay_resume') });
      const behind = await on.until(
        'postgres.replication',
        'it is behind',
        (check) => Number(check.fields.lagBytes) > 0
      );
      expect(behind.rows.replicas?.[0]?.replayBytes).toBe(behind.fields.lagBytes);

      await standby('SELECT pg_wal_replay_resume()');
      await until('it goes on', onReplica, (check) => check.state === 'ok');

      await on.rig.disconnect();
      await server.stop('fast');
      const alone = await until('its primary is gone', onReplica, (check) => check.fields.receiving === false);
      expect(alone).toMatchObject({ state: 'warning', summary: expect.stringContaining('nothing is received') });
      await server.start();
      await until('it receives again', onReplica, (check) => check.state === 'ok');
      // What the primary writes when it starts is no lag, however long ago the last transaction was.
      for (let n = 0; n < 10; n += 1) {
        expect(await onReplica()).toMatchObject({ state: 'ok', fields: { lagSeconds: 0 } });
      }

      // The isolation that a standby cannot give is not asked for.
      admin = await on.rig.admin();
      await admin.query(`ALTER ROLE live_runbooks SET default_transaction_isolation = 'serializable'`);
      const serializable = await serve([on.rig.target({ id: 'replica', port: replica.port })]);
      const asked = await until(
        'it is asked',
        () => runCheck(serializable, 'replica', 'postgres.replication'),
        (check) => check.state === 'ok'
      );
      expect(asked.fields).toMatchObject({ role: 'replica', receiving: true });
      await serializable.close();
      await admin.query('ALTER ROLE live_runbooks RESET default_transaction_isolation');

      // A few records that are not replayed yet are no lag on the primary either, however long ago they were written.
      await standby(`ALTER SYSTEM SET recovery_min_apply_delay = '1h'`);
      await replica.restart();
      await admin.query('CREATE TABLE delayed (id int)');
      const few = await on.until(
        'postgres.replication',
        'the last record waits',
        (check) => Number(check.fields.lagBytes) > 0 && Number(check.fields.lagBytes) < 64 * 1024
      );
      expect(few).toMatchObject({ state: 'ok', fields: { lagSeconds: 0 } });

      // Fed from an archive, it cannot know what it lacks: it does not call an idle primary late.
      await standby(
        `ALTER SYSTEM SET primary_conninfo = ''`,
        `ALTER SYSTEM SET restore_command = 'false'`,
        'ALTER SYSTEM RESET recovery_min_apply_delay'
      );
      await replica.restart();
      const shipped = await until('it is fed from an archive', onReplica, (check) => check.reason === 'not-applicable');
      expect(shipped.summary).toContain('fed from an archive');
    } finally {
      await replicaService?.close();
      await replica?.dispose();
      await server.start();
    }
  });
});
