/**
 * The image's layout without Docker: the bundle alone in a directory that nobody may write, run by a user without rights,
 * with a state directory of its own. What the Dockerfile and the compose file promise is read from them.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { freePort } from '../../../demo/src/servers/ports';
import { LICENCES, NODE_FLAGS, buildService } from '../../build';
import { until } from '../rig/client';
import { TOKEN } from '../rig/secrets';
import { atMost } from '../rig/atMost';

const NOBODY = 65_534;
const asRoot = process.getuid?.() === 0;
const directory = mkdtempSync(join(tmpdir(), 'live-runbooks-image-'));
const app = join(directory, 'app');
const state = join(directory, 'state');
let service: ChildProcess;
let port: number;
let said = '';
const dockerfile = readFileSync('diagnostics/Dockerfile', 'utf8');

beforeAll(async () => {
  const bundle = await buildService(join(directory, 'built'));
  expect(bundle.bytes).toBeLessThan(15e6);
  cpSync(join(directory, 'built'), app, { recursive: true });
  mkdirSync(state);
  port = await freePort();
  const nowhere = { id: 'db', kind: 'postgres', host: '127.0.0.1', port: 1, database: 'd', user: 'u', password: 'p' };
  const config = { listen: { port }, token: '${DIAGNOSTICS_TOKEN}', state: { directory: state }, targets: [nowhere] };
  writeFileSync(join(directory, 'diagnostics.yaml'), stringify(config));
  if (asRoot) {
    chownSync(state, NOBODY, NOBODY);
  }
  for (const entry of readdirSync(app, { recursive: true, withFileTypes: true })) {
    chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o555 : 0o444);
  }
  chmodSync(app, 0o555);
  chmodSync(directory, 0o755);
  const args = [...NODE_FLAGS, 'main.js', '--config', join(directory, 'diagnostics.yaml')];
  service = spawn(process.execPath, args, {
    cwd: app,
    // Nothing of this process' environment: neither PATH nor HOME is needed.
    env: { DIAGNOSTICS_TOKEN: TOKEN, NODE_ENV: 'production' },
    ...(asRoot ? { uid: NOBODY, gid: NOBODY } : {}),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  service.stdout?.on('data', (data: Buffer) => (said += data.toString()));
  service.stderr?.on('data', (data: Buffer) => (said += data.toString()));
});
afterAll(() => {
  service?.kill('SIGKILL');
  chmodSync(app, 0o755);
  execFileSync('chmod', ['-R', 'u+w', directory]);
  rmSync(directory, { recursive: true, force: true });
});

const get = (path: string) =>
  fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization: `Bearer ${TOKEN}` } }).catch(() => undefined);

describe('the bundle, alone and without rights', () => {
  test('starts, records, and answers', async () => {
    const health = await until(
      'it is up',
      async () => (await get('/healthz'))?.status ?? said,
      (status) => status === 200,
      20_000
    );
    expect(health).toBe(200);
    const round = (await (await get('/v1/targets/db/round'))?.json()) as { class: string };
    expect(round.class).toBe('refused');
    expect(await (await get('/healthz'))?.json()).toMatchObject({
      stores: { recorder: 'ok', evidence: 'ok', incidents: 'ok' },
      losses: [],
    });
    const packs = await get('/v1/packs');
    expect(packs?.status).toBe(200);
    expect((await get('/openapi.json'))?.status).toBe(200);
    const owner = statSync(join(state, 'recorder.db')).uid;
    expect(owner).toBe(asRoot ? NOBODY : process.getuid?.());
    expect(readFileSync(`/proc/${service.pid}/status`, 'utf8')).toMatch(new RegExp(`^Uid:\\s+${owner}\\s`, 'm'));
  });

  test('writes nothing but its state', () => {
    const newer = readdirSync(directory).sort();
    expect(newer).toEqual(['app', 'built', 'diagnostics.yaml', 'state']);
    expect(readdirSync(state).filter((name) => !/^(recorder|evidence|incidents|estate)\.db/.test(name))).toEqual([]);
  });

  test('the health check of the image tells up from down', () => {
    const command = JSON.parse(/HEALTHCHECK[^\n]*\n\s*CMD (\[.*\])/.exec(dockerfile)?.[1] ?? '[]') as string[];
    const run = (at: number) =>
      execFileSync(process.execPath, command.slice(1), { env: { DIAGNOSTICS_PORT: String(at) }, stdio: 'ignore' });
    expect(command[0]).toBe('node');
    expect(() => run(port)).not.toThrow();
    expect(() => run(1)).toThrow();
  });

  test('ends when it is told to, within the time that a container has', async () => {
    const gone = new Promise<number | null>((resolve) => service.once('exit', resolve));
    const startedAt = performance.now();
    service.kill('SIGTERM');
    expect(await gone).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(atMost(4000));
    expect(said).not.toContain(TOKEN);
  });
});

describe('the licences of what is bundled', () => {
  test('name every package with its text', () => {
    const text = readFileSync(join(directory, 'built', LICENCES), 'utf8');
    const named = [...text.matchAll(/^(\S+) (\d+\.\d+\.\d+\S*) \((.+)\)$/gm)].map(([, name]) => name);
    const manifest = JSON.parse(readFileSync('diagnostics/package.json', 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const own = ['@live-runbooks/engine', '@photostructure/sqlite'];
    expect(named).toEqual(
      expect.arrayContaining(Object.keys(manifest.dependencies).filter((name) => !own.includes(name)))
    );
    // And what those stand on.
    expect(named).toEqual(expect.arrayContaining(['avvio', 'find-my-way', 'pg-protocol', 'sonic-boom', 'tdigest']));
    expect(text.match(/permission notice|Apache License|Redistribution and use/gi)?.length).toBeGreaterThan(
      named.length / 3
    );
    const sqlite = readdirSync(join(directory, 'built', 'node_modules', '@photostructure', 'sqlite'));
    expect(sqlite).toContain('LICENSE');
  });
});

describe('the image and the compose file', () => {
  const compose = parse(readFileSync('docker-compose.yaml', 'utf8'), { merge: true }) as {
    services: Record<string, Record<string, unknown>>;
    volumes: Record<string, unknown>;
  };
  const own = compose.services.diagnostics ?? {};

  test('not as root, plain Node, a check of its health, pinned', () => {
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toContain(
      `\nENTRYPOINT ${JSON.stringify(['node', ...NODE_FLAGS, 'main.js']).replaceAll(',', ', ')}\n`
    );
    expect(dockerfile.match(/^FROM (\S+)/gm)).toEqual([
      'FROM node:20.19-bookworm-slim',
      'FROM node:20.19-bookworm-slim',
    ]);
    const last = dockerfile.slice(dockerfile.lastIndexOf('FROM '));
    expect(last).not.toMatch(/npm (install|ci)|apt-get/);
  });

  test('read-only, without capabilities, with the state in a volume that the user owns', () => {
    expect(own).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(own.build).toEqual({ context: '.', dockerfile: 'diagnostics/Dockerfile' });
    const at = (own.environment as Record<string, string>).DIAGNOSTICS_STATE ?? '';
    expect(own.volumes).toContain(`diagnostics:${at}`);
    expect(dockerfile).toContain(`chown node:node ${at}`);
    expect(Object.keys(compose.volumes)).toContain('diagnostics');
  });

  test('every container is hardened alike, and what may be written is named', () => {
    // Compose copies an inline config into the container, which it cannot when that is read-only.
    const writable = Object.keys(compose.services).filter((name) => compose.services[name]?.configs !== undefined);
    expect(writable).toEqual(['prometheus']);
    for (const [name, service] of Object.entries(compose.services)) {
      expect([name, service.cap_drop, service.security_opt, service.read_only]).toEqual([
        name,
        ['ALL'],
        ['no-new-privileges:true'],
        !writable.includes(name),
      ]);
      expect(service).not.toHaveProperty('cap_add');
      expect(service).not.toHaveProperty('privileged');
      for (const port of (service.ports ?? []) as string[]) {
        expect(port).toMatch(/^127\.0\.0\.1:/);
      }
    }
  });

  test('every file that the image is built from is there, and is not ignored', () => {
    const ignore = readFileSync('diagnostics/Dockerfile.dockerignore', 'utf8').split('\n');
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((found) =>
      (found[1] ?? '').split(' ')
    );
    expect(copied.length).toBeGreaterThan(8);
    for (const file of copied) {
      expect(() => statSync(file), file).not.toThrow();
      expect(
        ignore.some((line) => line.startsWith('!') && `${file}/`.startsWith(`${line.slice(1)}/`)),
        file
      ).toBe(true);
    }
  });
});
