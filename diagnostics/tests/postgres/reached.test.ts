/**
 * Ways into a server, and what is said where there is none: over TLS, with certificates, through sockets, over IPv6, with
 * passwords that change. The server speaks German, so nothing here can depend on the words of a message. Binaries that were
 * fetched (POSTGRES_MAJOR) hold no translations: those speak English.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type pg from 'pg';
import type { Round } from '../../src/model/round';
import { type Authority, certificateAuthority } from '../rig/authority';
import { checkIn, roundOf, until } from '../rig/client';
import { type PostgresRig, postgresRig } from '../rig/postgres';
import { chosenBinaries } from '../rig/postgresVersion';
import { PG_PASSWORD } from '../rig/secrets';
import { type TestService, serve } from '../rig/service';
import { TARGET } from './stage';

const directory = mkdtempSync(join(tmpdir(), 'live-runbooks-reached-'));
const SOCKETS = join(directory, 'sockets');
const NAME = 'db.test';
const HBA = {
  plain: [
    'host all all 127.0.0.1/32 scram-sha-256',
    'host all all ::1/128 scram-sha-256',
    'local all all scram-sha-256',
  ],
  overTls: ['hostssl all live_runbooks 127.0.0.1/32 scram-sha-256', 'host all shop 127.0.0.1/32 scram-sha-256'],
  withCertificate: ['hostssl all live_runbooks 127.0.0.1/32 scram-sha-256 clientcert=verify-full'],
};

let rig: PostgresRig;
let admin: pg.Client;
let authority: Authority;
let service: TestService | undefined;
let speaksGerman = false;

const owned = (path: string, text: string): string => {
  const { uid, gid } = statSync(rig.server.dataDir);
  writeFileSync(path, text);
  chownSync(path, uid, gid);
  chmodSync(path, 0o600);
  return path;
};
const letIn = async (lines: readonly string[]): Promise<void> => {
  owned(join(rig.server.dataDir, 'pg_hba.conf'), `host all postgres 127.0.0.1/32 scram-sha-256\n${lines.join('\n')}\n`);
  await admin.query('SELECT pg_reload_conf()');
};
const start = async (more: Record<string, unknown> = {}): Promise<TestService> => {
  service = await serve([rig.target(more)]);
  return service;
};
const untilClass = (running: TestService, wanted: string, target = TARGET): Promise<Round & { ms: number }> =>
  until(
    `class ${wanted}`,
    () => roundOf(running, target),
    (round) => round.class === wanted
  );
/** What the first round of a service that starts now says of the server. */
const availabilityOf = async (more: Record<string, unknown>, wanted: string) =>
  checkIn(await untilClass(await start(more), wanted), 'postgres.availability');

beforeAll(async () => {
  execFileSync('localedef', ['-i', 'de_DE', '-f', 'UTF-8', join(directory, 'de_DE.UTF-8')]);
  chmodSync(directory, 0o755);
  process.env.LOCPATH = directory;
  execFileSync('mkdir', ['-m', '777', SOCKETS]);
  rig = await postgresRig({
    settings: {
      lc_messages: 'de_DE.UTF-8',
      max_connections: '12',
      listen_addresses: '127.0.0.1,::1',
      unix_socket_directories: SOCKETS,
    },
    hba: HBA.plain,
  });
  authority = certificateAuthority();
  const { cert, key } = authority.issue(NAME, 20);
  owned(join(rig.server.dataDir, 'own.crt'), cert);
  owned(join(rig.server.dataDir, 'own.key'), key);
  owned(join(rig.server.dataDir, 'clients.crt'), readFileSync(authority.caFile, 'utf8'));
  admin = await rig.admin();
  const refusal = await admin.query('SELECT 1 / 0').catch((error: unknown) => String(error));
  speaksGerman = /Division durch Null/.test(String(refusal));
  expect(speaksGerman || chosenBinaries().bin?.includes('.cache'), 'an installed server has its translations').toBe(
    true
  );
  for (const setting of [
    `ssl_cert_file = 'own.crt'`,
    `ssl_key_file = 'own.key'`,
    `ssl_ca_file = 'clients.crt'`,
    'ssl = on',
  ]) {
    await admin.query(`ALTER SYSTEM SET ${setting}`);
  }
  await letIn(HBA.plain);
  await until(
    'TLS is on',
    () => admin.query<{ ssl: string }>('SHOW ssl'),
    ({ rows }) => rows[0]?.ssl === 'on'
  );
});
afterEach(async () => {
  await service?.close();
  service = undefined;
});
afterAll(async () => {
  delete process.env.LOCPATH;
  await rig.dispose();
  authority.dispose();
  rmSync(directory, { recursive: true, force: true });
});

describe('a server that speaks another language', () => {
  const words = (german: RegExp, english: RegExp): RegExp => (speaksGerman ? german : english);

  test('demands TLS: the setting is named', async () => {
    await letIn(HBA.overTls);
    try {
      const found = await availabilityOf({}, 'tls');
      expect(found.fields.message).toMatch(words(/kein pg_hba\.conf-Eintrag/, /no pg_hba\.conf entry/));
      expect(found.mend).toContain('set `tls: true`');
      await service?.close();
      const { fields } = await availabilityOf({ tls: { caFile: authority.caFile, serverName: NAME } }, 'ok');
      expect(fields).toMatchObject({ held: true, up: true });
    } finally {
      await letIn(HBA.plain);
    }
  });

  test('demands a certificate: the settings are named, and with them it lets in', async () => {
    await letIn(HBA.withCertificate);
    try {
      const tls = { caFile: authority.caFile, serverName: NAME };
      const found = await availabilityOf({ tls }, 'tls');
      expect(found.fields.message).toMatch(words(/Client-Zertifikat/, /client certificate/));
      expect(found.mend).toContain('tls.certFile and tls.keyFile');
      await service?.close();
      const { cert, key } = authority.issue('live_runbooks', 20);
      const certFile = join(directory, 'client.crt');
      const keyFile = join(directory, 'client.key');
      writeFileSync(certFile, cert);
      writeFileSync(keyFile, key);
      await availabilityOf({ tls: { ...tls, certFile, keyFile } }, 'ok');
    } finally {
      await letIn(HBA.plain);
    }
  });

  test('has a limit for the role or the database: told apart, and apart from a full server', async () => {
    for (const [kind, name] of [
      ['ROLE', 'live_runbooks'],
      ['DATABASE', 'shop'],
    ]) {
      await admin.query(`ALTER ${kind ?? ''} ${name ?? ''} CONNECTION LIMIT 0`);
      try {
        const found = await availabilityOf({}, 'role-limit');
        expect(found.state).toBe('warning');
        expect(found.mend).toContain(`ALTER ${kind ?? ''} "${name ?? ''}" CONNECTION LIMIT`);
        await service?.close();
      } finally {
        await admin.query(`ALTER ${kind ?? ''} ${name ?? ''} CONNECTION LIMIT -1`);
      }
    }
    const crowd: pg.Client[] = [];
    try {
      // 12 − 3 reserved: the last one is refused.
      for (;;) {
        crowd.push(await rig.app('crowd'));
      }
    } catch (error) {
      expect((error as { code?: string }).code).toBe('53300');
      expect((await availabilityOf({}, 'too-many-clients')).state).toBe('critical');
    } finally {
      await Promise.all(crowd.map((each) => each.end()));
    }
  });

  test('refuses a configured query: the exact GRANT all the same', async () => {
    await admin.query('CREATE TABLE invoices (id int); CREATE TABLE invoices_old (id int)');
    const queries = [{ name: 'open', sql: 'SELECT count(*) AS n FROM public.invoices', value: 'n' }];
    const running = await start({ checks: { 'postgres.queries': { queries } } });
    const found = checkIn(await untilClass(running, 'ok'), 'postgres.queries');
    expect(found.summary).toMatch(
      words(/keine Berechtigung für Tabelle invoices/, /permission denied for table invoices/)
    );
    expect(found.mend).toBe('GRANT SELECT ON public.invoices TO "live_runbooks";');
  });

  test('is stopped while a client stays: it is shutting down; then it starts up', async () => {
    const client = await rig.app('last-client');
    const running = await start();
    await untilClass(running, 'ok');
    rig.server.beginStop('smart');
    const going = checkIn(await untilClass(running, 'shutting-down'), 'postgres.availability');
    expect(going.fields.message).toMatch(words(/Datenbanksystem/, /database system/));
    await rig.disconnect();
    await client.end().catch(() => undefined);
    await untilClass(running, 'refused');
    await until(
      'it has stopped',
      () => Promise.resolve(rig.server.running()),
      (running) => !running
    );
    // A standby without hot_standby never lets anybody in.
    const signal = owned(join(rig.server.dataDir, 'standby.signal'), '');
    const auto = join(rig.server.dataDir, 'postgresql.auto.conf');
    const before = readFileSync(auto, 'utf8');
    owned(auto, `${before}hot_standby = off\n`);
    const starting = rig.server.start().catch(() => undefined);
    await untilClass(running, 'starting-up');
    await rig.server.stop('immediate');
    await starting;
    rmSync(signal);
    owned(auto, before);
    await rig.server.start();
    await untilClass(running, 'ok');
    admin = await rig.admin();
    await letIn(HBA.plain);
  });
});

describe('ways in', () => {
  test('the directory of a socket: availability, too', async () => {
    expect(existsSync(join(SOCKETS, `.s.PGSQL.${rig.server.port}`))).toBe(true);
    const found = await availabilityOf({ host: SOCKETS }, 'ok');
    expect(found).toMatchObject({ state: 'ok', fields: { held: true, class: 'ok' } });
    await service?.close();
    const none = await availabilityOf({ host: directory }, 'refused');
    expect(none.fields.message).toMatch(/ENOENT/);
  });

  test.each(['::1', '[::1]'])('IPv6: %s', async (host) => {
    await availabilityOf({ host }, 'ok');
  });

  test('a connection URL: its password is one like any other', async () => {
    const { id, kind, port } = rig.target();
    const secret = encodeURIComponent(PG_PASSWORD);
    const url = `postgres://live_runbooks:${secret}@127.0.0.1:${String(port)}/shop?sslmode=verify-full&sslrootcert=${authority.caFile}`;
    service = await serve([{ id, kind, url, tls: { serverName: NAME, caFile: authority.caFile } }]);
    const round = await untilClass(service, 'ok');
    expect(JSON.stringify(round)).not.toContain(PG_PASSWORD);
    expect(service.log()).not.toContain(PG_PASSWORD);
  });
});

describe('files that change', () => {
  test('a password that is rotated is read again', async () => {
    const passwordFile = join(directory, 'password');
    writeFileSync(passwordFile, `${PG_PASSWORD}\n`);
    const running = await start({ password: undefined, passwordFile });
    await untilClass(running, 'ok');
    await admin.query(`ALTER ROLE live_runbooks PASSWORD 'pw-after-rotation'`);
    await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'live_runbooks'`);
    const refused = await untilClass(running, 'auth');
    expect(checkIn(refused, 'postgres.availability').mend).toContain('user and password');
    writeFileSync(passwordFile, 'pw-after-rotation');
    await untilClass(running, 'ok');
    expect(running.log()).not.toContain('pw-after-rotation');
    await admin.query(`ALTER ROLE live_runbooks PASSWORD '${PG_PASSWORD}'`);
  });

  test('a caFile that goes away fails the next session of its target, which comes back with it', async () => {
    const caFile = join(directory, 'ca.pem');
    writeFileSync(caFile, readFileSync(authority.caFile));
    const running = await start({ tls: { caFile, serverName: NAME } });
    await untilClass(running, 'ok');
    rmSync(caFile);
    // The session that is open is none the worse.
    expect((await roundOf(running, TARGET)).class).toBe('ok');
    await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'live_runbooks'`);
    const found = checkIn(await untilClass(running, 'tls'), 'postgres.availability');
    expect(found.summary).toContain('tls.caFile cannot be read: ENOENT');
    expect(found.mend).toContain('Put the file there');
    writeFileSync(caFile, readFileSync(authority.caFile));
    await untilClass(running, 'ok');
  });
});

test.each([
  ['over TLS', true],
  ['without', false],
])('rounds leave no line in the log of a server with TLS: %s', async (_, tls) => {
  const running = await start(tls ? { tls: { caFile: authority.caFile, serverName: NAME } } : {});
  const first = await untilClass(running, 'ok');
  const lines = (): string[] =>
    readFileSync(rig.server.logFile, 'utf8')
      .split('\n')
      .filter((line) => !/Checkpoint|checkpoint|LOG: {2}(Restart|pg_hba|Konfiguration)/i.test(line));
  const before = lines().length;
  let last = first.startedAt;
  for (let n = 0; n < 4; n += 1) {
    const round = await until(
      'a new round',
      () => roundOf(running, TARGET),
      (each) => each.startedAt > last
    );
    last = round.startedAt;
  }
  expect(lines().slice(before)).toEqual([]);
});

describe('a target of kind tls asks a Postgres for TLS first', () => {
  const looked = async (more: Record<string, unknown> = {}) => {
    service = await serve([
      { id: 'certificate', kind: 'tls', starttls: 'postgres', host: '127.0.0.1', port: rig.server.port, ...more },
    ]);
    return roundOf(service, 'certificate');
  };

  test('the certificate of the server', async () => {
    const round = await looked({ serverName: NAME, caFile: authority.caFile });
    expect(checkIn(round, 'tls.certificate')).toMatchObject({
      state: 'ok',
      fields: { trusted: true, hostMatches: true },
    });
    expect(Math.round(Number(checkIn(round, 'tls.certificate').fields.daysLeft))).toBe(20);
  });

  test('a server without TLS, and one that is no Postgres', async () => {
    await admin.query('ALTER SYSTEM SET ssl = off');
    await admin.query('SELECT pg_reload_conf()');
    await until(
      'TLS is off',
      () => admin.query<{ ssl: string }>('SHOW ssl'),
      ({ rows }) => rows[0]?.ssl === 'off'
    );
    try {
      const found = checkIn(await looked(), 'tls.availability');
      expect(found).toMatchObject({ state: 'critical', fields: { class: 'tls' } });
      expect(found.fields.message).toContain('the server has no TLS');
    } finally {
      await admin.query('ALTER SYSTEM SET ssl = on');
      await admin.query('SELECT pg_reload_conf()');
    }
  });
});
