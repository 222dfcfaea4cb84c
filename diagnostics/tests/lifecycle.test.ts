/** The process itself: what SIGHUP does, and what it does not. */
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../demo/src/servers/ports';
import { temporaryDirectory } from './recorder/made';
import { until } from './rig/client';
import { TOKEN } from './rig/secrets';

const PATIENT = 60_000;

test('SIGHUP reads the configuration again; a wrong one changes nothing and is told', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'diagnostics.yaml');
  const port = await freePort();
  const configured = (id: string, more = ''): void =>
    writeFileSync(
      file,
      `listen: { port: ${port} }\ntokenFile: token\nbackgroundSeconds: 0\nstate: { directory: state }\n${more}` +
        `targets: [{ id: ${id}, kind: tcp, host: 127.0.0.1, port: 1 }]\n`
    );
  writeFileSync(join(directory, 'token'), TOKEN);
  configured('first');
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', 'tsx', 'diagnostics/src/main.ts', '--config', file],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    }
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stdout?.on('data', (data: Buffer) => (said += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (said += data.toString()));
  const targets = async (token = TOKEN): Promise<string> => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/targets`, {
      headers: { authorization: `Bearer ${token}`, connection: 'close' },
    }).catch(() => undefined);
    return answer?.status === 200
      ? ((await answer.json()) as { targets: Array<{ id: string }> }).targets.map(({ id }) => id).join()
      : String(answer?.status ?? 'down');
  };
  await until(
    'it is up',
    () => targets(),
    (found) => found === 'first',
    PATIENT
  );

  configured('second');
  child.kill('SIGHUP');
  await until(
    'the new target is there',
    () => targets(),
    (found) => found === 'second',
    PATIENT
  );

  configured('third', 'intervall: 3\n');
  child.kill('SIGHUP');
  await until(
    'it is told',
    async () => said,
    (text) => text.includes('not reloaded') && text.includes('intervall'),
    PATIENT
  );
  expect(await targets()).toBe('second');

  rmSync(file);
  child.kill('SIGHUP');
  await until(
    'that too',
    async () => said,
    (text) => text.includes('cannot be read: ENOENT'),
    PATIENT
  );
  expect(await targets()).toBe('second');

  // The token of a file needs no signal.
  writeFileSync(join(directory, 'token'), 'another-token-0123456789');
  await until(
    'the new token is the token',
    () => targets('another-token-0123456789'),
    (found) => found === 'second',
    PATIENT
  );
  expect(await targets()).toBe('401');
  expect(said).not.toContain(TOKEN);
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  expect(await gone).toBe(0);
}, 300_000);
