import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorkbench, type Workbench } from '../src/server';
import { buildFixture } from './fixture/buildFixture';
import { until } from './servers/prometheus';

const room = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const provisioning = path.join(room, 'tests/fixture/provisioning');
const environment = {
  PROMETHEUS_URL: 'http://127.0.0.1:9',
  DIAGNOSTICS_URL: 'http://127.0.0.1:9',
  DIAGNOSTICS_TOKEN: 'x',
};

let dist: string;
beforeAll(async () => {
  dist = await buildFixture(mkdtempSync(path.join(tmpdir(), 'workbench-fixture-')));
});
afterAll(() => rmSync(dist, { recursive: true, force: true }));

describe('the command', () => {
  function run(...options: string[]) {
    const child = spawn(process.execPath, ['--import', 'tsx', path.join(room, 'src/server/main.ts'), ...options], {
      cwd: path.dirname(room),
      env: { ...process.env, ...environment },
    });
    const output: string[] = [];
    child.stdout.on('data', (data: Buffer) => output.push(data.toString()));
    child.stderr.on('data', (data: Buffer) => output.push(data.toString()));
    const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
    return { child, exit, text: () => output.join('') };
  }

  test('prints its address, answers there, and ends on SIGTERM', async () => {
    const { child, exit, text } = run('--port', '0', '--plugin-dist', dist, '--provisioning', provisioning);
    try {
      await until(async () => /http:\/\/127\.0\.0\.1:\d+/.test(text()));
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(text())?.[0];
      expect(await (await fetch(`${url}/api/health`)).json()).toMatchObject({ database: 'ok', version: '12.2.0' });
    } finally {
      child.kill('SIGTERM');
    }
    expect(await exit).toBe(0);
  });

  test.each([
    [['--plugin-dist', '/nowhere'], /\/nowhere\/plugin\.json is not there: build the plugin first/],
    [['--port', 'x'], /--port x is not a port/],
    [['--colour'], /Unknown option '--colour'[^]*--plugin-dist/],
  ])('%j: says what to do', async (options, message) => {
    const { exit, text } = run(...options);
    expect(await exit).toBe(1);
    expect(text()).toMatch(message);
  });
});

test('a port that is taken, and a provisioning file that is not YAML, are named', async () => {
  const first = await startWorkbench({ pluginDist: dist, provisioning, environment });
  const broken = mkdtempSync(path.join(tmpdir(), 'workbench-provisioning-'));
  try {
    await expect(startWorkbench({ pluginDist: dist, provisioning, environment, port: first.port })).rejects.toThrow(
      `port ${first.port} is taken: choose another with --port`
    );
    const folder = path.join(broken, 'datasources');
    await import('node:fs/promises').then(({ mkdir }) => mkdir(folder));
    writeFileSync(path.join(folder, 'bad.yaml'), 'datasources: [{');
    await expect(startWorkbench({ pluginDist: dist, provisioning: broken, environment })).rejects.toThrow(
      /bad\.yaml: /
    );
  } finally {
    await first.close();
    rmSync(broken, { recursive: true, force: true });
  }
});

describe('who may ask', () => {
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await startWorkbench({ pluginDist: dist, provisioning, environment });
  });
  afterAll(() => workbench.close());

  const status = (options: http.RequestOptions) =>
    new Promise<number | undefined>((resolve, reject) =>
      http
        .request(`${workbench.url}/api/annotations`, options, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end()
    );

  test('a name that is not of this machine is refused', async () => {
    expect(await status({ headers: { host: 'evil.example' } })).toBe(403);
    expect(await status({ headers: { host: `localhost:${workbench.port}` } })).toBe(200);
  });

  test('a page of another site cannot command', async () => {
    expect(await status({ method: 'POST', headers: { origin: 'http://evil.example' } })).toBe(403);
    expect(await status({ method: 'POST', headers: { origin: workbench.url } })).toBe(400);
  });

  test('a file is not sent again while it has not changed', async () => {
    const file = `${workbench.url}/public/plugins/workbench-fixture-app/module.js`;
    const etag = (await fetch(file)).headers.get('etag') ?? '';
    expect((await fetch(file, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });
});
