/** A wrong configuration says which key, and what is allowed; it never shows a value. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Config, loadConfig, parseConfig } from '../src';

const TOKEN = 'a-token-of-good-length';
const POSTGRES = '{ id: shop, kind: postgres, database: shop, user: u, password: p-secret-value }';
const parse = (text: string, env: Record<string, string> = {}): Config => parseConfig(text, { file: 'c.yaml', env });
const message = (text: string, env?: Record<string, string>): string => {
  try {
    parse(text, env);
    return 'no error';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};
const withTarget = (target: string): string => `token: ${TOKEN}\ntargets: [${target}]`;

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'live-runbooks-config-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

describe('the token', () => {
  const withToken = (token: string): string => message(`token: ${JSON.stringify(token)}\ntargets: [${POSTGRES}]`);
  test.each([
    ['a blank', 'a token of good length'],
    ['a tab', 'a-token\tof-good-length'],
    ['a letter outside ASCII', 'a-tökén-of-good-length'],
    ['a line end', 'a-token-of\ngood-length'],
  ])('with %s is refused at the start, with the reason: no client can send it', (_, token) => {
    expect(withToken(token)).toContain('which no client can send');
    expect(withToken(token)).not.toContain(token);
  });

  test('every other letter of ASCII is one', () => {
    expect(withToken('!"#$%&()*+,-./:;<=>?@[]^_`{|}~Az09')).toBe('no error');
  });

  test('of a file is read again when the file changes; one that cannot be sent changes nothing', async () => {
    const file = join(dir, 'token');
    writeFileSync(file, `${TOKEN}\n`);
    const config = parseConfig(`tokenFile: ${file}\ntargets: [${POSTGRES}]`, { file: 'c.yaml', env: {} });
    expect(config.token()).toBe(TOKEN);
    const becomes = (token: string) => vi.waitUntil(() => config.token() === token, { timeout: 20_000, interval: 100 });
    writeFileSync(file, 'another-token-of-good-length');
    await becomes('another-token-of-good-length');
    expect(config.secrets.scrub('x another-token-of-good-length')).toBe('x ***');
    for (const wrong of ['', 'short', 'a token with blanks in it']) {
      writeFileSync(file, wrong);
      await new Promise((resolve) => setTimeout(resolve, 1100));
      expect(config.token()).toBe('another-token-of-good-length');
    }
    rmSync(file);
    expect(config.token()).toBe('another-token-of-good-length');
    writeFileSync(file, 'the-third-token-of-good-length');
    await becomes('the-third-token-of-good-length');
  });
});

describe('a password that is an ordinary word', () => {
  test.each([
    ['a word', 'postgres', 1],
    ['in the id', 'shop', 1],
    ['random', 'xK9-vmQ2-pL', 0],
  ])('%s: warned of, by its key and without its value', (_, password, warnings) => {
    const config = parse(withTarget(`{ id: the-shop-1, kind: postgres, database: d, user: u, password: ${password} }`));
    expect(config.warnings.map(({ key }) => key)).toEqual(
      Array.from({ length: warnings }, () => 'targets[0].password')
    );
    expect(config.secrets.scrub('the-shop-1: see postgres.table_use')).toBe('the-shop-1: see postgres.table_use');
  });
});

describe('right', () => {
  test('the smallest one has the defaults', () => {
    const config = parse(withTarget(POSTGRES));
    expect(config).toMatchObject({
      intervalMs: 2000,
      backgroundSeconds: 60,
      statementsWindowSeconds: 60,
    });
    expect(config.token()).toBe(TOKEN);
    expect(config.targets[0]).toMatchObject({ host: '127.0.0.1', port: 5432, tls: false });
  });

  test('the example is right', () => {
    const example = fileURLToPath(new URL('../config.example.yaml', import.meta.url));
    const config = loadConfig(example, {
      DIAGNOSTICS_TOKEN: TOKEN,
      GORAX_POSTGRES_PASSWORD: 'p',
      GORAX_REDIS_PASSWORD: 'r',
    });
    expect(config.targets.map((target) => target.kind)).toEqual([
      'postgres',
      'redis',
      'http',
      'http',
      'tcp',
      'tls',
      'tls',
      'dns',
      'sqs',
      'kms',
    ]);
  });

  test('${ENV}, its default, numbers from it, and secrets from files', () => {
    writeFileSync(join(dir, 'token'), `${TOKEN}\n`);
    writeFileSync(join(dir, 'password'), 'from-a-file\n');
    const text = `tokenFile: token
listen: { port: "\${PORT}" }
targets:
  - { id: shop, kind: redis, host: "\${HOST:-localhost}", port: "\${REDIS_PORT:-6380}", passwordFile: password }`;
    const config = parseConfig(text, { file: join(dir, 'c.yaml'), env: { PORT: '1234' } });
    expect(config.token()).toBe(TOKEN);
    expect(config).toMatchObject({ listen: { port: 1234 } });
    expect(config.targets[0]).toMatchObject({ host: 'localhost', port: 6380, password: 'from-a-file' });
    expect(config.secrets.scrub('x from-a-file y')).toBe('x *** y');
  });

  test('a value of the environment adds no structure', () => {
    const text = `token: ${TOKEN}\nlisten: { host: "\${HOST}" }\ntargets: [${POSTGRES}]`;
    const config = parse(text, { HOST: 'x: [1]\nintervalMs: 1 #######' });
    expect(config.intervalMs).toBe(2000);
  });
});

describe('wrong', () => {
  test.each<[string, string, RegExp]>([
    ['no targets', `token: ${TOKEN}`, /targets: .*array/],
    ['empty targets', `token: ${TOKEN}\ntargets: []`, /targets: .*1/],
    ['no token', `targets: [${POSTGRES}]`, /token: needs at least 16 characters/],
    ['a short token', `token: short\ntargets: [${POSTGRES}]`, /token: .*16/],
    [
      'an unknown key',
      `${withTarget(POSTGRES)}\nintervall: 3`,
      /unknown key "intervall"\. Allowed: listen, token, tokenFile, requireIdentity, intervalMs/,
    ],
    [
      'an unknown key of a target',
      withTarget('{ id: a, kind: postgres, database: d, user: u, db: x }'),
      /targets\[0\]: unknown key "db"\. Allowed: kind, id, title, tls, url, host, port, database, user, password/,
    ],
    [
      'an unknown kind',
      withTarget('{ id: a, kind: mysql }'),
      /targets\[0\]\.kind: unknown kind of target\. Allowed: postgres, redis/,
    ],
    [
      'an unknown check',
      withTarget("{ id: a, kind: redis, checks: { 'redis.memmory': {} } }"),
      /targets\[0\]\.checks: unknown key "redis\.memmory"\. Allowed: redis\.availability, redis\.memory/,
    ],
    [
      'an unknown option',
      withTarget("{ id: a, kind: redis, checks: { 'redis.memory': { warn: 1 } } }"),
      /checks\["redis\.memory"\]: unknown key "warn"\. Allowed: enabled, warning, critical, fragmentationRatio/,
    ],
    [
      'a wrong type',
      withTarget("{ id: a, kind: redis, checks: { 'redis.memory': { warning: high } } }"),
      /warning: expected number/,
    ],
    ['a port out of range', withTarget('{ id: a, kind: redis, port: 70000 }'), /targets\[0\]\.port: .*65535/],
    [
      'a port that is no number',
      withTarget('{ id: a, kind: redis, port: abc }'),
      /targets\[0\]\.port: expected number/,
    ],
    ['an id with a slash', withTarget('{ id: ../a, kind: redis }'), /targets\[0\]\.id/],
    [
      'the same id twice',
      `token: ${TOKEN}\ntargets: [{ id: a, kind: redis }, { id: a, kind: redis }]`,
      /targets\[1\]\.id: "a" is there twice/,
    ],
    ['an unknown level', `${withTarget(POSTGRES)}\nlog: { level: loud }`, /log\.level: .*Allowed: fatal, error, warn/],
    [
      'password and passwordFile',
      withTarget('{ id: a, kind: redis, password: p, passwordFile: f }'),
      /targets\[0\]\.password: give either/,
    ],
    [
      'a file that is not there',
      withTarget('{ id: a, kind: redis, passwordFile: nowhere }'),
      /passwordFile: cannot be read: ENOENT/,
    ],
    ['not YAML', 'targets: [', /not YAML/],
    [
      'a reference that YAML takes for a mapping',
      withTarget('{ id: a, kind: redis, password: ${X} }'),
      /not YAML: .* write a reference in quotes there: "\$\{NAME\}"/,
    ],
    ['an address that YAML takes for a list', withTarget('{ id: a, kind: redis, host: [::] }'), /host: .*write "::1"/],
    ['an empty file', '', /targets/],
  ])('%s', (_, text, expected) => {
    expect(message(text)).toMatch(expected);
    expect(message(text)).toContain('c.yaml');
  });

  test.each(['"[::1]"', '"::1"', '[::1]'])('an IPv6 address is an address: %s', (host) => {
    const { targets } = parse(withTarget(`{ id: a, kind: redis, host: ${host} }`));
    expect(targets[0]).toMatchObject({ host: '::1' });
  });

  test('a variable that is not set is named, with its key', () => {
    expect(message(withTarget('{ id: a, kind: redis, password: "${REDIS_PASSWORD}" }'))).toMatch(
      /targets\[0\]\.password: the environment variable REDIS_PASSWORD is not set/
    );
    expect(message('token: "${1x}"')).toMatch(/token: .*is not \$\{NAME\}/);
  });

  test('no message shows a secret', () => {
    const text = `token: "\${TOKEN}"\ntargets: [{ id: a, kind: postgres, database: d, user: u, password: [p-secret-value] }]\nx: 1`;
    expect(message(text, { TOKEN })).not.toContain('p-secret-value');
    expect(message(text, { TOKEN })).not.toContain(TOKEN);
    expect(message('token: p-secret-value: [')).not.toContain('p-secret-value');
  });

  test('a file that is not there', () => {
    expect(() => loadConfig(join(dir, 'nowhere.yaml'))).toThrow(/cannot be read: ENOENT/);
  });
});

describe('--check-config', () => {
  const run = (args: string[], env: Record<string, string> = {}): Promise<{ code: number; out: string }> =>
    new Promise((resolve) => {
      const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
      execFile(
        process.execPath,
        ['--import', 'tsx', main, ...args],
        { env: { ...process.env, ...env } },
        (error, stdout, stderr) => {
          resolve({ code: error ? Number(error.code) : 0, out: stdout + stderr });
        }
      );
    });

  test('exits 0 when it is right, 1 when it is not, 2 without a file', async () => {
    const good = join(dir, 'good.yaml');
    const bad = join(dir, 'bad.yaml');
    writeFileSync(good, `token: "\${T}"\ntargets: [${POSTGRES}]`);
    writeFileSync(bad, `token: "\${T}"\ntargets: [{ id: a, kind: mysql }]`);
    const [right, wrong, none] = await Promise.all([
      run(['--config', good, '--check-config'], { T: TOKEN }),
      run(['--config', bad, '--check-config'], { T: TOKEN }),
      run(['--check-config']),
    ]);
    expect(right).toMatchObject({ code: 0, out: expect.stringContaining('right') });
    expect(wrong).toMatchObject({ code: 1, out: expect.stringContaining('Allowed: postgres, redis') });
    expect(none).toMatchObject({ code: 2, out: expect.stringContaining('--config is missing') });
  });
});

describe('a connection URL of Postgres', () => {
  const withUrl = (url: string, more = ''): string =>
    `token: ${TOKEN}\ntargets: [{ id: shop, kind: postgres, url: "${url}"${more} }]`;

  test('is taken apart; nothing of it is left but what the keys hold', () => {
    const { targets, secrets } = parse(withUrl('${DATABASE_URL}'), {
      DATABASE_URL:
        'postgresql://shop%40eu:pw%2Fwith%40signs-77@[fd00::7]:6432/orders?sslmode=verify-full&sslrootcert=/ca.pem',
    });
    expect(targets).toEqual([
      {
        ...{ id: 'shop', kind: 'postgres', host: 'fd00::7', port: 6432, user: 'shop@eu', database: 'orders' },
        ...{ password: 'pw/with@signs-77', tls: { caFile: '/ca.pem' }, checks: {} },
      },
    ]);
    expect(secrets.scrub('pw/with@signs-77')).not.toContain('signs-77');
  });

  test('gives way to the keys beside it, and names the directory of a socket', () => {
    const [target] = parse(withUrl('postgres://u:from-url-1@db/orders', ', password: beside-2')).targets;
    expect(target).toMatchObject({ host: 'db', password: 'beside-2' });
    expect(parse(withUrl('postgres:///orders?host=/var/run/postgresql', ', user: u')).targets[0]).toMatchObject({
      ...{ host: '/var/run/postgresql', port: 5432, database: 'orders' },
    });
  });

  test.each([
    ['postgres://u:secret-9f3@h/d?sslmode=prefer', 'sslmode is disable, or verify-full'],
    ['postgres://u:secret-9f3@h/d?options=-c', '"options" is not known here'],
    ['mysql://u:secret-9f3@h/d', 'begins with postgres://'],
    ['u:secret-9f3@h', 'begins with postgres://'],
    ['postgres://u:secret-9f3@[::1/d', 'is no URL'],
    ['postgres://u:secret-9f3%@h/d', 'is no URL'],
  ])('%s: says what is wrong, and never the URL', (url, says) => {
    expect(message(withUrl(url))).toContain(`targets[0].url: ${says}`);
    expect(message(withUrl(url))).not.toContain('secret-9f3');
  });
});
