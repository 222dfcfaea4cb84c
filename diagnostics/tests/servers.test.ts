/** The servers that every test and the demo start end with whoever started them, however that ends. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startRedis } from '../../demo/src/servers';
import { until } from './rig/client';

const SERVERS = fileURLToPath(new URL('../../demo/src/servers/index.ts', import.meta.url));
const PROGRAM = `
  const { startPostgres, startRedis } = await import(${JSON.stringify(SERVERS)});
  const [pg, redis] = await Promise.all([startPostgres({ settings: { fsync: 'off' } }), startRedis()]);
  pg.freeze();
  console.log(JSON.stringify({ pids: [pg.pid, redis.pid], dirs: [pg.dataDir, redis.dir] }));
  setInterval(() => undefined, 1000);
`;

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
  '%s of the starter leaves no process and no directory',
  async (signal) => {
    const starter = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', PROGRAM]);
    let said = '';
    starter.stdout.on('data', (data: Buffer) => (said += data.toString()));
    await until(
      'the servers run',
      () => Promise.resolve(said),
      (text) => text.includes('\n'),
      60_000
    );
    const { pids, dirs } = JSON.parse(said) as { pids: number[]; dirs: string[] };
    expect(pids.every(alive)).toBe(true);
    expect(dirs.every(existsSync)).toBe(true);
    starter.kill(signal);
    await until(
      'nothing is left',
      () => Promise.resolve([...pids.filter(alive), ...dirs.filter(existsSync)]),
      (left) => left.length === 0
    );
  }
);

test('a server that cannot start says why, with the tail of its log', async () => {
  await expect(startRedis({ config: { 'no-such-directive': 'x' } })).rejects.toThrow(
    /redis-server ended before[^]*no-such-directive/i
  );
});

test('a stopped server keeps its data until it is disposed of', async () => {
  const redis = await startRedis();
  await redis.stop();
  expect(redis.running()).toBe(false);
  await redis.start();
  expect(redis.running()).toBe(true);
  await redis.dispose();
  expect(existsSync(redis.dir)).toBe(false);
});
