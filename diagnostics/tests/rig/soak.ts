/**
 * Thousands of whole rounds over HTTP, one after the other, with the flight recorder on, against a real Postgres and a
 * real Redis: memory after collection, and connections as the servers count them.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import pino from 'pino';
import { stringify } from 'yaml';
import { parseConfig, startService } from '../../src';
import { postgresRig } from './postgres';
import { redisRig } from './redis';
import { TOKEN } from './secrets';

export interface Sample {
  readonly round: number;
  /** Bytes after a collection. */
  readonly heap: number;
  readonly rss: number;
}

export interface Soaked {
  readonly rounds: number;
  readonly tookMs: number;
  /** Without the first tenth, in which everything is warmed up. */
  readonly samples: readonly Sample[];
  /** By least squares over the samples. */
  readonly heapBytesPerRound: number;
  readonly rssBytesPerRound: number;
  /** Of the service's role: how many Postgres ever saw, and how many are there at the end. */
  readonly postgresOpened: number;
  readonly postgresNow: number;
  /** Of the service's user, at the end. */
  readonly redisNow: number;
  /** Rounds whose class was not `ok`. */
  readonly notOk: number;
}

export async function soak(rounds: number, onSample: (sample: Sample) => void = () => undefined): Promise<Soaked> {
  const postgres = await postgresRig({ settings: { log_connections: 'on' } });
  const redis = await redisRig();
  const directory = mkdtempSync(join(tmpdir(), 'live-runbooks-soak-'));
  const text = stringify({
    listen: { port: 0 },
    token: TOKEN,
    backgroundSeconds: 0,
    statementsWindowSeconds: 10,
    state: { directory },
    targets: [postgres.target(), redis.target({ lists: [{ name: 'queue', key: 'q' }] })],
  });
  // No configuration may ask this often; here every request is a round.
  const config = { ...parseConfig(text, { file: 'soak.yaml', env: {} }), intervalMs: 0 };
  const service = await startService(config, pino({ level: 'silent' }));
  try {
    const startedAt = performance.now();
    const warm = Math.ceil(rounds / 10);
    const every = Math.max(1, Math.floor((rounds - warm) / 50));
    const samples: Sample[] = [];
    let notOk = 0;
    for (let round = 1; round <= rounds; round += 1) {
      const response = await fetch(`${service.url}/v1/rounds`, { headers: { authorization: `Bearer ${TOKEN}` } });
      const body = (await response.json()) as { rounds: Array<{ class: string }> };
      notOk += body.rounds.length === 2 && body.rounds.every((each) => each.class === 'ok') ? 0 : 1;
      if (round >= warm && (round - warm) % every === 0) {
        const sample = { round, ...measured() };
        samples.push(sample);
        onSample(sample);
      }
    }
    const admin = await redis.admin();
    const clients = await admin.sendCommand(['CLIENT', 'LIST']);
    const log = readFileSync(postgres.server.logFile, 'utf8');
    return {
      rounds,
      tookMs: performance.now() - startedAt,
      samples,
      heapBytesPerRound: slope(samples.map(({ round, heap }) => [round, heap])),
      rssBytesPerRound: slope(samples.map(({ round, rss }) => [round, rss])),
      postgresOpened: log.match(/connection authorized: user=live_runbooks\b/g)?.length ?? 0,
      postgresNow: await postgres.ownSessions(),
      redisNow: String(clients).match(/\buser=live_runbooks\b/g)?.length ?? 0,
      notOk,
    };
  } finally {
    await service.close();
    await Promise.all([postgres.dispose(), redis.dispose()]);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Of this process, after a collection. */
export function measured(): { heap: number; rss: number } {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed, rss };
}

/** Of the line through the points with the least squares. */
export function slope(points: ReadonlyArray<readonly [x: number, y: number]>): number {
  const mean = (pick: 0 | 1): number => points.reduce((sum, point) => sum + point[pick], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const above = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return above / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}
