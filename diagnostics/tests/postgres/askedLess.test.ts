/** What is read together or kept from earlier rounds: less is asked, and what changes is noticed all the same. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type pg from 'pg';
import { parseConfig } from '../../src';
import type { TakenRound, Target } from '../../src/model/round';
import { Counters } from '../../src/postgres/counters';
import { Names } from '../../src/postgres/names';
import type { SqlRow } from '../../src/postgres/ask';
import { SessionLost } from '../../src/postgres/session';
import { KeptSettings, type Settings } from '../../src/postgres/settings';
import { targetOf } from '../../src/targets';
import { until } from '../rig/client';
import { type PostgresRig, postgresRig } from '../rig/postgres';
import { TOKEN } from '../rig/secrets';

describe('Counters', () => {
  /** A server that refuses what matches. */
  const serverOf = (refuses: RegExp | undefined, error: Error = Object.assign(new Error('no'), { code: '42501' })) => {
    const asked: string[] = [];
    const ask = (sql: string): Promise<readonly SqlRow[]> => {
      asked.push(sql);
      return refuses?.test(sql) === true
        ? Promise.reject(error)
        : Promise.resolve([{ deadlocks: 3, has_slots: true, has_prepared: false }]);
    };
    return { asked, counters: new Counters({ ask, names: new Names('watcher'), version: 150_000 }) };
  };

  test('one statement for all that is needed', async () => {
    const { asked, counters } = serverOf(undefined);
    expect((await counters.of('database')).deadlocks).toBe(3);
    expect([await counters.hasAny('slots'), await counters.hasAny('prepared')]).toEqual([true, false]);
    await counters.of('archiver');
    expect(asked).toHaveLength(1);
  });

  test('a refused function is the trouble of its own group', async () => {
    const { asked, counters } = serverOf(/pg_stat_get_archiver/);
    await expect(counters.of('archiver')).rejects.toMatchObject({ code: '42501' });
    expect((await counters.of('database')).deadlocks).toBe(3);
    expect((await counters.of('database')).deadlocks).toBe(3);
    expect(asked).toHaveLength(3);
  });

  test('what may not be listed is not tried with the others', async () => {
    const { asked, counters } = serverOf(/pg_ls_tmpdir/);
    expect((await counters.of('database')).deadlocks).toBe(3);
    expect(asked.filter((sql) => sql.includes('pg_ls_tmpdir'))).toEqual([]);
  });

  test.each([
    ['a session that is lost', new SessionLost('gone')],
    ['the statement timeout', Object.assign(new Error('slow'), { code: '57014' })],
  ])('%s: nothing is asked again', async (_, error) => {
    const { asked, counters } = serverOf(/SELECT/, error);
    await expect(counters.of('database')).rejects.toBe(error);
    await expect(counters.of('archiver')).rejects.toBe(error);
    expect(asked).toHaveLength(1);
  });
});

describe('KeptSettings', () => {
  const settingsOf = (value: string): Settings => new Map([['fsync', { value, unit: null, pendingRestart: false }]]);

  test('are read again when something is not as it was, and after a reading that failed', async () => {
    const kept = new KeptSettings();
    let reads = 0;
    const read = (): Promise<Settings> => Promise.resolve(settingsOf(String((reads += 1))));
    const valueOf = async (as: string, how = read): Promise<unknown> => (await kept.of(as, how)).get('fsync')?.value;
    expect([await valueOf('a'), await valueOf('a'), await valueOf('b'), await valueOf('b')]).toEqual([
      ...['1', '1', '2', '2'],
    ]);
    await expect(valueOf('c', () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    expect([await valueOf('c'), await valueOf('b')]).toEqual(['3', '4']);
  });
});

describe('a server', () => {
  let rig: PostgresRig;
  let admin: pg.Client;
  let target: Target;

  beforeAll(async () => {
    rig = await postgresRig();
    admin = await rig.admin();
    const config = parseConfig(JSON.stringify({ listen: { port: 0 }, token: TOKEN, targets: [rig.target()] }), {
      file: 'test.yaml',
      env: {},
    });
    const [first] = config.targets;
    if (first === undefined) {
      throw new Error('no target');
    }
    target = targetOf(first, config);
    await target.take({ budgetMs: 5000 });
  });
  afterAll(async () => {
    await target.close();
    await rig.dispose();
  });

  const unasked = (): Promise<TakenRound> => target.take({ budgetMs: 5000, unasked: true });
  const found = (round: TakenRound, id: string) => round.checks.find((check) => check.id === `postgres.${id}`);
  /** Statements of one round that nobody asked for. */
  const askedIn = async (round: () => Promise<unknown>): Promise<readonly string[]> => {
    await admin.query('SELECT pg_stat_statements_reset()');
    await round();
    const { rows } = await admin.query<{ query: string; calls: number }>(
      `SELECT query, calls::int FROM pg_stat_statements WHERE userid = 'live_runbooks'::regrole`
    );
    return rows.flatMap(({ query, calls }) => Array.from({ length: calls }, () => query));
  };

  test('a round that nobody asks for is a few statements, and asks for no names and no settings', async () => {
    const counts: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      const asked = await askedIn(unasked);
      expect(asked.filter((sql) => /pg_show_all_settings|pg_auth_members/.test(sql))).toEqual([]);
      counts.push(asked.length);
    }
    // BEGIN, ROLLBACK, sessions, statements, counters, tables; and what takes its turn.
    expect(Math.max(...counts)).toBeLessThanOrEqual(14);
    expect(Math.min(...counts)).toBeLessThanOrEqual(9);
  });

  test('a round that somebody asks for is complete with the settings of before, and with new ones after a reload', async () => {
    const asked = await askedIn(() => target.take({ budgetMs: 5000 }));
    expect(asked.filter((sql) => sql.includes('pg_show_all_settings'))).toEqual([]);
    const isDangerous = (round: TakenRound): boolean =>
      found(round, 'settings')?.rows.dangerous?.some(({ setting }) => setting === 'zero_damaged_pages') ?? false;
    await admin.query(`ALTER SYSTEM SET zero_damaged_pages = 'on'`);
    await admin.query('SELECT pg_reload_conf()');
    try {
      await until('the setting is seen', unasked, isDangerous);
    } finally {
      await admin.query('ALTER SYSTEM RESET zero_damaged_pages');
      await admin.query('SELECT pg_reload_conf()');
    }
    await until('and that it is gone', unasked, (round) => !isDangerous(round));
  });

  test('rights that go away are noticed in the next round, though nobody asked for it', async () => {
    expect(found(await unasked(), 'temporary_files')?.reason).not.toBe('no-permission');
    await admin.query('REVOKE pg_monitor FROM live_runbooks');
    try {
      const round = await unasked();
      for (const id of ['connections', 'blocking', 'transactions', 'xmin_holders', 'temporary_files']) {
        expect(found(round, id), id).toMatchObject({
          ...{ state: 'unknown', reason: 'no-permission', mend: 'GRANT pg_monitor TO "live_runbooks";' },
        });
      }
      expect(found(round, 'deadlocks')?.reason).not.toBe('no-permission');
    } finally {
      await admin.query('GRANT pg_monitor TO live_runbooks');
    }
    await until('rights that come are used', unasked, (each) => found(each, 'connections')?.state === 'ok');
  });

  test('a function that is taken from this role alone: the exact statement, and the rest is known', async () => {
    await admin.query('REVOKE EXECUTE ON FUNCTION pg_ls_tmpdir() FROM pg_monitor');
    try {
      const round = await unasked();
      expect(found(round, 'temporary_files')).toMatchObject({
        ...{ state: 'unknown', reason: 'no-permission' },
        mend: 'GRANT EXECUTE ON FUNCTION pg_ls_tmpdir() TO "live_runbooks";',
      });
      expect(found(round, 'checkpoints')?.state).toBe('ok');
    } finally {
      await admin.query('GRANT EXECUTE ON FUNCTION pg_ls_tmpdir() TO pg_monitor');
    }
    await until('it is known again', unasked, (each) => found(each, 'temporary_files')?.state === 'ok');
  });

  test.each(['pg_database', 'pg_authid'])('a lock on %s is met, though names are kept', async (catalog) => {
    const locker = await rig.admin('locker');
    await locker.query(`BEGIN; LOCK TABLE ${catalog} IN ACCESS EXCLUSIVE MODE`);
    try {
      const round = await unasked();
      expect(round.class).toBe('catalog-locked');
      expect(found(round, 'availability')?.rows.locks).toMatchObject([{ catalog, application: 'locker' }]);
    } finally {
      await locker.query('ROLLBACK');
      await locker.end();
    }
    expect((await until('it is well', unasked, (round) => round.class === 'ok')).class).toBe('ok');
  });

  test('slots and prepared transactions are asked for once there are any', async () => {
    await admin.query(`SELECT pg_create_physical_replication_slot('standby', true)`);
    await admin.query(`BEGIN; CREATE TABLE prepared (a int); PREPARE TRANSACTION 'held'`);
    try {
      const round = await unasked();
      expect(found(round, 'replication_slots')?.rows.slots).toMatchObject([{ slot: 'standby', active: false }]);
      expect(found(round, 'prepared_transactions')?.rows.transactions).toMatchObject([{ gid: 'held' }]);
      expect(found(round, 'xmin_holders')?.rows.holders).toMatchObject([
        { kind: 'prepared', name: 'held', user: 'postgres' },
      ]);
    } finally {
      await admin.query(`ROLLBACK PREPARED 'held'`);
      await admin.query(`SELECT pg_drop_replication_slot('standby')`);
    }
    expect(found(await unasked(), 'xmin_holders')?.fields).toMatchObject({ oldestKind: null, holders: 0 });
  });
});

describe('Names', () => {
  let now = 1_000_000;
  beforeEach(() => {
    vi.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** A server with one role more each time. */
  const known = async () => {
    let asks = 0;
    const ask = (): Promise<readonly SqlRow[]> => {
      asks += 1;
      return Promise.resolve([
        { kind: 'own', oid: 5, name: 'shop' },
        { kind: 'database', oid: 5, name: 'shop' },
        ...Array.from({ length: asks }, (_, n) => ({ kind: 'role', oid: 20_000 + n, name: `role${n}` })),
      ]);
    };
    const names = new Names('watcher');
    await names.refresh(ask);
    return { names, ask, asked: () => asks };
  };

  test('are looked up each ten seconds while somebody asks, and each five minutes while nobody does', async () => {
    const { names, ask, asked } = await known();
    now += 60_000;
    await names.refresh(ask, { unasked: true });
    expect(asked()).toBe(1);
    await names.refresh(ask);
    expect(asked()).toBe(2);
    now += 300_000;
    await names.refresh(ask, { unasked: true });
    expect(asked()).toBe(3);
  });

  test('are looked up when one is met that is new, at most each ten seconds', async () => {
    const { names, ask, asked } = await known();
    now += 60_000;
    await names.meet(ask, { roles: [20_000, null, 0], databases: [5, null] });
    expect(asked()).toBe(1);
    await names.meet(ask, { roles: [20_001], databases: [5] });
    expect([asked(), names.role(20_001)]).toEqual([2, 'role1']);
    await names.meet(ask, { roles: [20_007], databases: [] });
    expect(asked()).toBe(2);
    now += 10_000;
    await names.meet(ask, { roles: [20_000], databases: [77] });
    expect(asked()).toBe(3);
  });
});
