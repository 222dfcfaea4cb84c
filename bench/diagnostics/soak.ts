/**
 * Does the service stay as it is, whatever breaks? Rounds over HTTP, one after the other, of a real Postgres and a real
 * Redis; one of a hundred breaks one of them in a random way (`breaks.ts`). Goals: memory flat, one connection to each
 * target after every break, each answer within two seconds, and nobody accused while nothing is broken. Exits 1 when a
 * goal is missed. `npx tsx bench/diagnostics/soak.ts [--rounds 10000] [--broken 0.01] [--busy 8] [--seed 1]`; with busy loops beside it
 * 99.9 % of the answers have to come within two seconds.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { parseConfig, startService } from '../../diagnostics/src';
import type { Round } from '../../diagnostics/src/model/round';
import { postgresRig } from '../../diagnostics/tests/rig/postgres';
import { redisRig } from '../../diagnostics/tests/rig/redis';
import { TOKEN } from '../../diagnostics/tests/rig/secrets';
import { type Sample, measured, slope } from '../../diagnostics/tests/rig/soak';
import { BREAKS, type Break, type Estate, proxyTo } from './breaks';
import { pause } from './running';

const ANSWER_MS = 2000;
/** A failed login is not tried again for five seconds, and a round has to see it. */
const HEALED_MS = 10_000;
const IN_TIME = { idle: 1, busy: 0.999 };
/** More than the collector's noise between the second and the last quarter. */
const GROWTH = 1.1;

const say = (line = ''): void => void process.stdout.write(`${line}\n`);
const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mulberry32: the same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What is broken now, or heals. */
interface Trouble {
  readonly what: Break;
  /** Rounds until it is healed. */
  rounds: number;
  heal: (() => Promise<void>) | undefined;
  /** Of `performance.now`, once it is healed. */
  healedAt?: number;
}

class Tally {
  readonly took: number[] = [];
  readonly samples: Sample[] = [];
  readonly breaks = new Map<string, number>();
  readonly missed: string[] = [];
  doubted = 0;
  starved = 0;

  miss(text: string): void {
    this.missed.push(text);
    say(`MISSED: ${text}`);
  }

  /** Nothing is broken: whoever says otherwise of that target accuses. */
  judge(round: Round, at: number): void {
    const available = round.checks.find(({ id }) => id.endsWith('.availability'));
    this.starved += round.starved === null ? 0 : 1;
    if (round.starved !== null && round.class === 'unknown' && available?.state === 'unknown') {
      this.doubted += 1;
    } else if (round.class !== 'ok' || available?.state !== 'ok') {
      this.miss(`round ${at}: ${round.target} is well, and ${round.class}: ${available?.summary ?? 'not judged'}`);
    }
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '10000' },
      /** Share of the rounds. */
      broken: { type: 'string', default: '0.01' },
      busy: { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
    },
  });
  const [rounds, broken, busy] = [Number(values.rounds), Number(values.broken), Number(values.busy)];
  const [postgres, redis] = [await postgresRig(), await redisRig()];
  const toPostgres = await proxyTo(() => postgres.server.port);
  const toRedis = await proxyTo(() => redis.server.port);
  const estate: Estate = { postgres, redis, toPostgres, toRedis, random: randomOf(Number(values.seed)) };
  const directory = mkdtempSync(join(tmpdir(), 'live-runbooks-soak-'));
  const text = stringify({
    listen: { port: 0 },
    token: TOKEN,
    backgroundSeconds: 0,
    log: { level: 'silent' },
    statementsWindowSeconds: 10,
    state: { directory },
    targets: [
      postgres.target({ port: toPostgres.port }),
      redis.target({ port: toRedis.port, lists: [{ name: 'queue', key: 'q' }] }),
    ],
  });
  // No configuration may ask this often; here every request is a round.
  const config = { ...parseConfig(text, { file: 'soak.yaml', env: {} }), intervalMs: 0 };
  const service = await startService(config);
  const loops: ChildProcess[] = Array.from({ length: busy }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' })
  );
  process.on('exit', () => loops.forEach((loop) => loop.kill('SIGKILL')));
  const tally = new Tally();
  const startedAt = performance.now();
  try {
    await soak({ rounds, broken }, estate, service.url, tally);
    report(tally, { rounds, busy, tookMs: performance.now() - startedAt });
  } finally {
    loops.forEach((loop) => loop.kill('SIGKILL'));
    await service.close();
    toPostgres.close();
    toRedis.close();
    await Promise.all([postgres.dispose(), redis.dispose()]);
    rmSync(directory, { recursive: true, force: true });
  }
}

async function soak(
  { rounds, broken }: { readonly rounds: number; readonly broken: number },
  estate: Estate,
  url: string,
  tally: Tally
): Promise<void> {
  const warm = Math.ceil(rounds / 10);
  const every = Math.max(1, Math.floor((rounds - warm) / 50));
  let trouble: Trouble | undefined;
  for (let at = 1; at <= rounds; at += 1) {
    if (trouble === undefined && at > warm / 2 && estate.random() < broken) {
      const what = BREAKS[Math.floor(estate.random() * BREAKS.length)] as Break;
      const name = `${what.target}: ${what.name}`;
      tally.breaks.set(name, (tally.breaks.get(name) ?? 0) + 1);
      trouble = { what, rounds: 1 + Math.floor(estate.random() * 3), heal: await what.make(estate) };
    }
    const askedAt = performance.now();
    const response = await fetch(`${url}/v1/rounds`, { headers: { authorization: `Bearer ${TOKEN}` } });
    const body = (await response.json()) as { rounds: Round[] };
    const took = performance.now() - askedAt;
    tally.took.push(took);
    if (took > ANSWER_MS) {
      say(
        `round ${at}: ${took.toFixed(0)} ms${trouble === undefined ? '' : ` (${trouble.what.target}: ${trouble.what.name})`}`
      );
    }
    const troubled = trouble?.what.target;
    body.rounds.filter(({ kind }) => kind !== troubled).forEach((round) => tally.judge(round, at));
    if (trouble !== undefined) {
      trouble = await goOn(trouble, body.rounds, { at, estate, tally });
    }
    if (at >= warm && (at - warm) % every === 0) {
      tally.samples.push({ round: at, ...measured() });
    }
  }
  await trouble?.heal?.();
}

/** Heals when the time has come, and ends when the round after that is well. Answers what is left of the trouble. */
async function goOn(
  trouble: Trouble,
  rounds: readonly Round[],
  { at, estate, tally }: { readonly at: number; readonly estate: Estate; readonly tally: Tally }
): Promise<Trouble | undefined> {
  const name = `${trouble.what.target}: ${trouble.what.name}`;
  if (trouble.healedAt === undefined) {
    trouble.rounds -= 1;
    if (trouble.rounds > 0) {
      return trouble;
    }
    await trouble.heal?.();
    return { ...trouble, heal: undefined, healedAt: performance.now() };
  }
  const own = rounds.find(({ kind }) => kind === trouble.what.target);
  if (own?.class !== 'ok') {
    if (performance.now() - trouble.healedAt < HEALED_MS || own?.starved != null) {
      await pause(50);
      return trouble;
    }
    tally.miss(`round ${at}: ${name} is healed, and still ${own?.class ?? 'not answered'}`);
    return undefined;
  }
  const held = trouble.what.target === 'postgres' ? () => estate.postgres.ownSessions() : () => redisClients(estate);
  // The server may not have noticed yet that a connection has ended.
  for (let left = 30; left > 0 && (await held()) > 1; left -= 1) {
    await pause(100);
  }
  const connections = await held();
  if (connections === 0 && performance.now() - trouble.healedAt < HEALED_MS) {
    // It broke at the end of that round: the next one opens another.
    return trouble;
  }
  if (connections !== 1) {
    tally.miss(`round ${at}: ${connections} connections after "${name}"`);
  }
  return undefined;
}

async function redisClients({ redis }: Estate): Promise<number> {
  const admin = await redis.admin();
  const clients = String(await admin.sendCommand(['CLIENT', 'LIST']));
  admin.destroy();
  return clients.match(/\buser=live_runbooks\b/g)?.length ?? 0;
}

function report(
  tally: Tally,
  { rounds, busy, tookMs }: { readonly rounds: number; readonly busy: number; readonly tookMs: number }
): void {
  const { took, samples, breaks } = tally;
  const inTime = took.filter((each) => each <= ANSWER_MS).length / took.length;
  const goal = busy > 0 ? IN_TIME.busy : IN_TIME.idle;
  if (inTime < goal) {
    tally.miss(`${(inTime * 100).toFixed(2)} % of the answers within ${ANSWER_MS} ms, not ${goal * 100} %`);
  }
  const quarter = Math.floor(samples.length / 4);
  const heap = samples.map((sample) => sample.heap);
  const [early, late] = [mean(heap.slice(quarter, 2 * quarter)), mean(heap.slice(-quarter))];
  if (late > early * GROWTH) {
    tally.miss(`heap after collection ${mb(early)} in the second quarter, ${mb(late)} in the last`);
  }
  const sorted = [...took].sort((a, b) => a - b);
  const part = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(0);
  say(`
rounds                ${rounds} in ${(tookMs / 1000).toFixed(0)} s, ${busy} busy loops, load of the machine ${loadavg()[0]?.toFixed(1)}
broken                ${[...breaks.values()].reduce((sum, n) => sum + n, 0)} times, each healed to one connection
answers               median ${part(0.5)} ms, 99 % ${part(0.99)} ms, 99.9 % ${part(0.999)} ms, slowest ${part(1)} ms; ${(inTime * 100).toFixed(2)} % within ${ANSWER_MS} ms
of healthy targets    ${tally.starved} rounds starved, ${tally.doubted} of them unknown
heap after collection ${mb(early)} → ${mb(late)}, ${slope(samples.map((each) => [each.round, each.heap])).toFixed(0)} bytes a round
RSS                   ${mb(samples[0]?.rss ?? 0)} → ${mb(samples.at(-1)?.rss ?? 0)}`);
  [...breaks].sort().forEach(([name, times]) => say(`  ${String(times).padStart(4)} × ${name}`));
  say(tally.missed.length === 0 ? 'every goal is met' : `${tally.missed.length} MISSED`);
  process.exitCode = tally.missed.length === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
