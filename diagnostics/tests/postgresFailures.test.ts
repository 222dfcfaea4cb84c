/** Every way in which a Postgres can fail its clients: the right class, in time, and well again afterwards. */
import { chmodSync, chownSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CheckResult } from '@live-runbooks/engine';
import type { Round } from '../src/model/round';
import { askedChecks } from '../src/postgres/checks';
import { freePort } from '../../demo/src/servers';
import { keepStartingUp } from './rig/inRecovery';
import { type PostgresRig, noSecondSession, postgresRig } from './rig/postgres';
import { checkIn, cutShort, roundOf, until } from './rig/client';
import { selfSigned } from './rig/certificate';
import { type TestService, serve } from './rig/service';
import { LIMIT_MS, atMost } from './rig/atMost';

const TARGET = 'shop-postgres';

let rig: PostgresRig;
let service: TestService | undefined;

const start = async (more: Record<string, unknown> = {}): Promise<TestService> => {
  service = await serve([rig.target(more)]);
  return service;
};
const get = (): Promise<Round & { ms: number }> => {
  if (service === undefined) {
    throw new Error('no service');
  }
  return roundOf(service, TARGET);
};
/** Rounds until the class is there; every single one has to come in time. */
const untilClass = async (wanted: string, deadlineMs = 120_000): Promise<Round & { ms: number }> =>
  until(
    `class ${wanted}`,
    async () => {
      const round = await get();
      expect(round.ms, `an answer of class ${round.class}`).toBeLessThan(LIMIT_MS);
      return round;
    },
    (round) => round.class === wanted,
    deadlineMs
  );

/** The same, and the busy machine left every check its time. */
const untilWhole = async (wanted: string): Promise<Round & { ms: number }> =>
  until(`class ${wanted}, and nothing cut short`, get, (round) => round.class === wanted && !round.checks.some(isCut));
const isCut = (check: CheckResult): boolean => check.id !== 'postgres.availability' && cutShort(check);

/** Down: availability is critical, everything else is unknown with a reason and a mend, and no field is zero. */
const expectBlind = (round: Round): void => {
  expect(checkIn(round, 'postgres.availability').state).toBe('critical');
  expect(checkIn(round, 'postgres.availability').fields.held).toBe(false);
  const others = round.checks.filter((check) => check.id !== 'postgres.availability');
  expect(others.length).toBe(askedChecks.length);
  for (const check of others) {
    expect(check, check.id).toMatchObject({ state: 'unknown', value: null });
    expect(check.reason, check.id).toBeDefined();
    expect(check.mend, check.id).toBeTruthy();
    expect(Object.values(check.fields), check.id).toEqual(Object.keys(check.fields).map(() => null));
  }
};

/** What could not be asked, of what applies to this server. */
const notSeen = (round: Round) =>
  round.checks.filter(
    (check) => check.state === 'unknown' && check.reason !== 'no-series' && check.reason !== 'not-applicable'
  );

beforeAll(async () => {
  rig = await postgresRig();
});
afterEach(async () => {
  rig.server.thaw();
  await service?.close();
  service = undefined;
  await rig.disconnect();
});
afterAll(async () => {
  await rig.dispose();
});

describe('cannot connect', () => {
  test('refused', async () => {
    await start({ port: await freePort() });
    const round = await untilClass('refused');
    expectBlind(round);
    expect(checkIn(round, 'postgres.availability')).toMatchObject({ value: 0, fields: { up: false } });
  });

  test('dns', async () => {
    await start({ host: 'no-such-host.invalid' });
    expectBlind(await untilClass('dns'));
  });

  test('auth: a wrong password, which is never told', async () => {
    const wrong = 'wrong-password-93ab';
    await start({ password: wrong });
    const round = await untilClass('auth');
    expectBlind(round);
    expect(checkIn(round, 'postgres.connections').reason).toBe('no-permission');
    expect(JSON.stringify(round)).not.toContain(wrong);
    expect(service?.log()).not.toContain(wrong);
  });

  test('database-missing', async () => {
    await start({ database: 'nowhere' });
    const round = await untilClass('database-missing');
    expectBlind(round);
    expect(checkIn(round, 'postgres.availability').mend).toContain('nowhere');
  });

  test('role-limit, told apart from the limit of the server', async () => {
    const admin = await rig.admin();
    await admin.query('ALTER ROLE live_runbooks CONNECTION LIMIT 0');
    try {
      await start();
      expectBlindButWarning(await untilClass('role-limit'));
    } finally {
      await admin.query('ALTER ROLE live_runbooks CONNECTION LIMIT 10');
    }
    // After its rest it tries again and is well.
    expect((await untilClass('ok')).class).toBe('ok');
  });

  test('no privileges: the statement that mends it, then none needed', async () => {
    const admin = await rig.admin();
    await admin.query('REVOKE pg_monitor FROM live_runbooks');
    await start();
    try {
      const round = await untilClass('ok');
      for (const id of ['postgres.connections', 'postgres.blocking', 'postgres.transactions', 'postgres.statements']) {
        const check = checkIn(round, id);
        expect(check, id).toMatchObject({ state: 'unknown', reason: 'no-permission' });
        expect(check.mend).toBe('GRANT pg_monitor TO "live_runbooks";');
      }
    } finally {
      await admin.query('GRANT pg_monitor TO live_runbooks');
    }
    await until('it sees again', get, (round) => checkIn(round, 'postgres.connections').state === 'ok');
  });
});

function expectBlindButWarning(round: Round): void {
  expect(checkIn(round, 'postgres.availability')).toMatchObject({
    state: 'warning',
    fields: { up: true, held: false },
  });
  expect(checkIn(round, 'postgres.blocking').state).toBe('unknown');
}

describe('full', () => {
  test('too-many-clients: the held session works on, and says who', async () => {
    const admin = await rig.admin();
    await admin.query('ALTER SYSTEM SET max_connections = 12');
    await rig.disconnect();
    await rig.server.restart();
    try {
      await start();
      await untilClass('ok');
      // 12 − 3 reserved − the service's own.
      for (let n = 0; n < 8; n += 1) {
        await rig.app('leaky');
      }
      await expect(rig.app('late')).rejects.toMatchObject({ code: '53300' });
      const round = await untilWhole('too-many-clients');
      expect(checkIn(round, 'postgres.availability')).toMatchObject({
        state: 'critical',
        fields: { held: true, up: true },
      });
      const connections = checkIn(round, 'postgres.connections');
      expect(connections).toMatchObject({
        state: 'critical',
        value: 1,
        fields: { total: 9, usable: 9, max: 12, reserved: 3 },
      });
      expect(connections.rows.byApplication?.[0]).toMatchObject({ application: 'leaky', count: 8, idle: 8 });

      // A service that starts now is refused too, and says so.
      const late = await serve([rig.target()]);
      try {
        const blind = await until(
          'it is refused',
          () => roundOf(late, TARGET),
          (each) => each.class !== 'unknown'
        );
        expect(blind.ms).toBeLessThan(LIMIT_MS);
        expect(blind.class).toBe('too-many-clients');
        expect(checkIn(blind, 'postgres.connections').state).toBe('unknown');
      } finally {
        await late.close();
      }
    } finally {
      await rig.disconnect();
      const again = await rig.admin();
      await again.query('ALTER SYSTEM RESET max_connections');
      await rig.disconnect();
      await service?.close();
      await rig.server.restart();
    }
  });
});

describe('hangs', () => {
  test('hung-postmaster: new connections hang, the held session answers everything', async () => {
    await start();
    await untilClass('ok');
    rig.server.freeze({ postmasterOnly: true });
    const round = await untilWhole('hung-postmaster');
    expect(checkIn(round, 'postgres.availability').fields).toMatchObject({ up: false, held: true });
    expect(notSeen(round)).toEqual([]);
    rig.server.thaw();
    await untilClass('ok');
  });

  test('hung: everything is stopped; rounds stay in time, and nothing is left behind', async () => {
    await start();
    await untilClass('ok');
    rig.server.freeze();
    const first = await untilClass('hung');
    expectBlind(first);
    for (let n = 0; n < 5; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      const again = await get();
      expect(again.ms).toBeLessThan(LIMIT_MS);
      expect(again.class).toBe('hung');
    }
    rig.server.thaw();
    await untilClass('ok');
    await noSecondSession(rig);
  });

  test('hung while the service starts', async () => {
    rig.server.freeze();
    await start();
    expectBlind(await untilClass('hung'));
    rig.server.thaw();
    await untilClass('ok');
  });

  test('a lock on pg_authid: logins hang, the round still answers, and says who holds what', async () => {
    await start();
    await untilClass('ok');
    const admin = await rig.admin('locker');
    await admin.query('BEGIN');
    await admin.query('LOCK TABLE pg_authid IN ACCESS EXCLUSIVE MODE');
    const round = await untilClass('catalog-locked');
    expect(round.ms).toBeLessThan(LIMIT_MS);
    const found = checkIn(round, 'postgres.availability');
    expect(found).toMatchObject({ state: 'critical', fields: { held: true, up: true } });
    expect(found.summary).toMatch(
      /the server answers, and logins wait: \d+ \(locker\), idle in transaction, holds AccessExclusiveLock on pg_authid for \d+ s: LOCK TABLE pg_authid/
    );
    expect(found.rows.locks).toMatchObject([{ catalog: 'pg_authid', application: 'locker', user: 'postgres' }]);
    expect(found.mend).toContain('Do not restart it');
    expect(checkIn(round, 'postgres.transactions').rows.idle?.[0]).toMatchObject({ application: 'locker' });
    for (const id of ['postgres.connections', 'postgres.blocking', 'postgres.statements', 'postgres.deadlocks']) {
      expect(['ok', 'warning'], `${id}: ${checkIn(round, id).summary}`).toContain(checkIn(round, id).state);
    }
    await admin.query('ROLLBACK');
    await untilClass('ok');
  });

  test('a lock on pg_class: the server answers, and what could not be asked says who is in the way', async () => {
    await start();
    await untilClass('ok');
    const admin = await rig.admin('migration');
    await admin.query('BEGIN; LOCK TABLE pg_class IN ACCESS EXCLUSIVE MODE');
    const round = await untilClass('catalog-locked');
    const found = checkIn(round, 'postgres.availability');
    expect(found).toMatchObject({ state: 'critical', fields: { up: true, held: true } });
    expect(found.rows.locks).toMatchObject([{ catalog: 'pg_class', application: 'migration' }]);
    const blind = notSeen(round);
    expect(blind.length).toBeGreaterThan(0);
    for (const check of blind) {
      expect(check.summary, check.id).toMatch(
        /\(migration\), idle in transaction, holds AccessExclusiveLock on pg_class|time of the round/
      );
    }
    await admin.query('ROLLBACK');
    await untilClass('ok');
  });

  test('a locked table degrades nothing', async () => {
    const admin = await rig.admin('ddl');
    await admin.query('CREATE TABLE IF NOT EXISTS held_table (id int PRIMARY KEY)');
    await start();
    await untilClass('ok');
    await admin.query('BEGIN');
    await admin.query('LOCK TABLE held_table IN ACCESS EXCLUSIVE MODE');
    const round = await until(
      'a round with rates',
      get,
      (each) => checkIn(each, 'postgres.table_use').state !== 'unknown' && !each.checks.some(isCut)
    );
    expect(notSeen(round)).toEqual([]);
    expect(round.tookMs).toBeLessThan(atMost(500));
  });
});

describe('stops and starts', () => {
  test('shutting-down: a smart stop is told, and the service does not hold it up', async () => {
    const client = await rig.app('last-client');
    await start();
    await untilClass('ok');
    rig.server.beginStop('smart');
    expectBlind(await untilClass('shutting-down'));
    await until(
      'only the last client is left',
      () => Promise.resolve(rig.server.backendPids().length),
      (n) => n === 1
    );
    await client.end();
    await until(
      'the server has stopped',
      () => Promise.resolve(rig.server.running()),
      (running) => !running
    );
    expectBlind(await untilClass('refused'));
    await rig.server.start();
    const round = await untilClass('ok');
    expect(checkIn(round, 'postgres.connections').state).toBe('ok');
  });

  test('a fast restart: refused or starting up, then well', async () => {
    await start();
    await untilClass('ok');
    await rig.server.stop('fast');
    const down = await untilClass('refused');
    expectBlind(down);
    expect(checkIn(down, 'postgres.availability').since).toBeGreaterThan(0);
    await rig.server.start();
    await untilClass('ok');
  });

  test('starting-up: a server in recovery says so', async () => {
    await start();
    await untilClass('ok');
    const heal = await keepStartingUp(rig);
    try {
      expectBlind(await untilClass('starting-up'));
    } finally {
      await heal();
    }
    await untilClass('ok');
  });
});

describe('TLS', () => {
  test('a certificate that is trusted is, one that is not is refused, and the probe speaks TLS too', async () => {
    const [cert, key] = [join(rig.server.dataDir, 'test.crt'), join(rig.server.dataDir, 'test.key')];
    selfSigned(cert, key);
    const { uid, gid } = statSync(rig.server.dataDir);
    [cert, key].forEach((file) => chownSync(file, uid, gid));
    chmodSync(key, 0o600);
    const admin = await rig.admin();
    await admin.query(`ALTER SYSTEM SET ssl_cert_file = 'test.crt'`);
    await admin.query(`ALTER SYSTEM SET ssl_key_file = 'test.key'`);
    await admin.query('ALTER SYSTEM SET ssl = on');
    await admin.query('SELECT pg_reload_conf()');
    await until(
      'TLS is on',
      () => admin.query('SHOW ssl'),
      ({ rows }) => (rows[0] as { ssl: string }).ssl === 'on'
    );
    try {
      await start({ tls: { caFile: cert, serverName: 'db.test' } });
      await untilClass('ok');
      const { rows } = await until(
        'a session of the service is there',
        () =>
          admin.query(`SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'live_runbooks'`),
        (found) => found.rows.length > 0
      );
      expect(rows).toEqual([{ ssl: true }]);
      rig.server.freeze({ postmasterOnly: true });
      await untilClass('hung-postmaster');
      rig.server.thaw();
      await untilClass('ok');
      await service?.close();

      await start({ tls: true });
      const round = await untilClass('tls');
      expectBlind(round);
      expect(checkIn(round, 'postgres.availability').fields.message).toMatch(/self-signed certificate/);
    } finally {
      rig.server.thaw();
      await admin.query('ALTER SYSTEM SET ssl = off');
      await admin.query('SELECT pg_reload_conf()');
    }
  });
});

describe('leaks nothing', () => {
  test('one session per database over many rounds', async () => {
    await start();
    const pids = new Set<number>();
    for (let n = 0; n < 30; n += 1) {
      await get();
      expect(await rig.ownSessions()).toBe(1);
      const admin = await rig.admin('watch');
      const { rows } = await admin.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE usename = 'live_runbooks'`
      );
      rows.forEach(({ pid }) => pids.add(pid));
      await admin.end();
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    expect([...pids].length).toBe(1);
  });

  test('closing the service ends its session', async () => {
    await start();
    await untilClass('ok');
    await service?.close();
    service = undefined;
    await until(
      'no session is left',
      () => rig.ownSessions(),
      (sessions) => sessions === 0
    );
  });

  test('a session that is ended by an administrator is opened anew', async () => {
    await start();
    await untilClass('ok');
    const admin = await rig.admin();
    for (let n = 0; n < 3; n += 1) {
      await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'live_runbooks'`);
      const endedAt = Date.now();
      const round = await until('a round after the end', get, (each) => each.startedAt > endedAt);
      expect(round.class).toBe('ok');
      expect(checkIn(round, 'postgres.connections').state).toBe('ok');
    }
    await noSecondSession(rig);
  });
});
