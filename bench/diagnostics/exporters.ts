/**
 * What watching costs: the service and the exporters of Prometheus on the same servers under the same load, each at its
 * usual pace (the service as it is configured by default, the exporters scraped every 15 s), once the service has seen every
 * key: what that first pass costs is told apart. Then a full Postgres round, beside what its statements take in the server.
 * Exits 1 when a goal is missed. `npx tsx bench/diagnostics/exporters.ts [minutes] [--costly]`; two minutes when left out, in
 * fifteen every check is asked at least once; `--costly` lists what takes most of the time in the servers; `--round` measures the
 * full round alone.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningProcess, freePort, startProcess } from '../../demo/src/servers';
import { NODE_FLAGS, buildService } from '../../diagnostics/build';
import { KEYS_UNASKED, unaskedRestMs } from '../../diagnostics/src/redis/keySpace';
import { type PostgresRig, postgresRig } from '../../diagnostics/tests/rig/postgres';
import { type RedisRig, redisRig } from '../../diagnostics/tests/rig/redis';
import { Running, everything, pause } from './running';
import { KEYS, TABLES, fillPostgres, fillRedis, work } from './tables';

const SCRAPE_MS = 15_000;
/** The first rounds are the baseline of the rates. */
const WARM_MS = 15_000;
/** Every key is seen by then, even on a busy machine. */
const PASS_LIMIT_MS = 600_000;
const ROUNDS = 11;
/** The service runs for weeks; its code is compiled after so many rounds. */
const WARM_ROUNDS = 60;
const SERVICE = 'live_runbooks';
const EXPORTER = 'exporter';
const GOALS = { time: 1 / 5, calls: 1, wall: 1.5 };

const say = (line = ''): void => void process.stdout.write(`${line}\n`);
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** What one of them did to one server, within the time that was measured. */
interface Use {
  readonly calls: number;
  readonly milliseconds: number;
  /** At once, at most. */
  readonly held: number;
  readonly opened: number;
  readonly logLines: number;
  /** The costliest first. */
  readonly costly: ReadonlyArray<{ readonly what: string; readonly calls: number; readonly milliseconds: number }>;
}

/** Lines that a server writes while `log_connections` is off, too. */
const isOrdinary = (line: string): boolean =>
  line !== '' && !/connection (received|authenticated|authorized)/.test(line);

/** What is written to a file from now on. */
function follow(file: string): () => readonly string[] {
  const from = statSync(file).size;
  return () => readFileSync(file).subarray(from).toString('utf8').split('\n');
}

/** Looks how many connections there are, until `stop` answers the most of each. */
function watchHeld(look: () => Promise<Readonly<Record<string, number>>>): () => Promise<Record<string, number>> {
  const most: Record<string, number> = {};
  let going = true;
  const loop = (async () => {
    while (going) {
      for (const [name, held] of Object.entries(await look())) {
        most[name] = Math.max(most[name] ?? 0, held);
      }
      await pause(500);
    }
  })();
  return async () => {
    going = false;
    await loop;
    return most;
  };
}

/** From now on, until it is called: what each of the roles did. */
async function watchPostgres(rig: PostgresRig): Promise<() => Promise<(role: string) => Use>> {
  const admin = await rig.admin();
  const lines = follow(rig.server.logFile);
  const held = watchHeld(async () => {
    const { rows } = await admin.query<{ usename: string; n: number }>(
      `SELECT usename, count(*)::int AS n FROM pg_stat_activity WHERE usename IS NOT NULL GROUP BY usename`
    );
    return Object.fromEntries(rows.map(({ usename, n }) => [usename, n]));
  });
  await admin.query('SELECT pg_stat_statements_reset()');
  return async () => {
    const most = await held();
    const { rows } = await admin.query<{ role: string; what: string; calls: number; milliseconds: number }>(
      `SELECT rolname AS role, query AS what, calls::int, total_exec_time + total_plan_time AS milliseconds
       FROM pg_stat_statements JOIN pg_roles r ON r.oid = userid ORDER BY milliseconds DESC`
    );
    const written = lines();
    return (role) => {
      const costly = rows.filter((each) => each.role === role);
      const own = written.filter((line) => line.startsWith(`[${role}]`));
      return {
        ...{ ...total(costly), costly },
        held: most[role] ?? 0,
        opened: own.filter((line) => line.includes('connection authorized')).length,
        logLines: own.filter(isOrdinary).length,
      };
    };
  };
}

/** What this benchmark itself and its load ask of a Redis. */
const NOT_WATCHING = new Set(['get', 'config|resetstat', 'client|list']);

/** The same of a Redis that one of them watches alone. */
async function watchRedis(rig: RedisRig, clientName: string): Promise<() => Promise<Use>> {
  const admin = await rig.admin();
  const lines = follow(rig.server.logFile);
  const held = watchHeld(async () => {
    const list = String(await admin.sendCommand(['CLIENT', 'LIST']));
    return { [clientName]: list.split('\n').filter((line) => line.includes(` name=${clientName} `)).length };
  });
  await admin.sendCommand(['CONFIG', 'RESETSTAT']);
  return async () => {
    const most = await held();
    // A command is counted when it ends: this one is not among them.
    const info = String(await admin.sendCommand(['INFO', 'all']));
    const costly = [...info.matchAll(/^cmdstat_(\S+?):calls=(\d+),usec=(\d+)/gm)]
      .map(([, what = '', calls, micros]) => ({ what, calls: Number(calls), milliseconds: Number(micros) / 1000 }))
      .filter(({ what }) => !NOT_WATCHING.has(what))
      .sort((one, other) => other.milliseconds - one.milliseconds);
    return {
      ...{ ...total(costly), costly },
      held: most[clientName] ?? 0,
      opened: Number(/total_connections_received:(\d+)/.exec(info)?.[1]),
      logLines: lines().filter(isOrdinary).length,
    };
  };
}

const total = (parts: Use['costly']): Pick<Use, 'calls' | 'milliseconds'> => ({
  calls: parts.reduce((sum, { calls }) => sum + calls, 0),
  milliseconds: parts.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
});

interface Watched {
  /** Until the service had seen every key, while somebody looked. */
  readonly firstPass: Use;
  readonly postgres: readonly [service: Use, exporter: Use];
  readonly redis: readonly [service: Use, exporter: Use];
}

/** Both watch the same Postgres, and each one of two equal servers of Redis. */
async function watchBoth(
  { postgres, ours, theirs }: Rigs,
  service: readonly string[],
  { directory, minutes }: { readonly directory: string; readonly minutes: number }
): Promise<Watched> {
  const ofFirstPass = await watchRedis(ours, 'live-runbooks');
  const running = await Running.start(service, directory, [postgres.target(), ours.target()], {});
  const exporters = await startExporters(postgres, theirs, directory);
  const load = await work(postgres, [ours, theirs]);
  const scraping = setInterval(() => exporters.forEach(({ scrape }) => void scrape()), SCRAPE_MS);
  try {
    // A scrape that fails costs the server little, and would compare nothing.
    const scraped = await Promise.all(exporters.map(({ scrape }) => scrape()));
    if (scraped.some((text) => !/^(pg|redis)_up 1$/m.test(text))) {
      throw new Error('an exporter does not reach its server');
    }
    await pause(WARM_MS);
    await everyKeySeen(running);
    const firstPass = await ofFirstPass();
    const [ofPostgres, ofOurs, ofTheirs] = await Promise.all([
      watchPostgres(postgres),
      watchRedis(ours, 'live-runbooks'),
      watchRedis(theirs, 'redis_exporter'),
    ]);
    await pause(minutes * 60_000);
    const [useOf, byService, byExporter] = [await ofPostgres(), await ofOurs(), await ofTheirs()];
    return { firstPass, postgres: [useOf(SERVICE), useOf(EXPORTER)], redis: [byService, byExporter] };
  } finally {
    clearInterval(scraping);
    await load.stop();
    await Promise.all([running.stop(), ...exporters.map(({ process }) => process.stop())]);
  }
}

/** Asks for rounds, as a page does, until a pass over the keys is complete. */
async function everyKeySeen(running: Running): Promise<void> {
  const deadline = performance.now() + PASS_LIMIT_MS;
  for (;;) {
    const { round } = await running.round('shop-redis');
    const found = round.checks.find(({ id }) => id === 'redis.big_keys');
    if (typeof found?.fields.passAgeSeconds === 'number') {
      return;
    }
    if (performance.now() > deadline) {
      throw new Error(`the keys were not all seen: ${found?.summary ?? 'there is no such check'}`);
    }
    await pause(1000);
  }
}

interface Exporter {
  readonly process: RunningProcess;
  readonly scrape: () => Promise<string>;
}

async function startExporters(postgres: PostgresRig, redis: RedisRig, directory: string): Promise<readonly Exporter[]> {
  const admin = await postgres.admin();
  await admin.query(`CREATE ROLE ${EXPORTER} LOGIN PASSWORD '${EXPORTER}'; GRANT pg_monitor TO ${EXPORTER}`);
  const source = `postgres://${EXPORTER}:${EXPORTER}@127.0.0.1:${postgres.server.port}/shop?sslmode=disable`;
  const start = async (
    name: string,
    argsOf: (address: string) => readonly string[],
    env: NodeJS.ProcessEnv = process.env
  ): Promise<Exporter> => {
    const address = `127.0.0.1:${await freePort()}`;
    const logFile = join(directory, `${name}.log`);
    const started = await startProcess({ name, command: name, args: argsOf(address), env, logFile });
    const scrape = async (): Promise<string> => (await fetch(`http://${address}/metrics`)).text();
    const answers = (): Promise<boolean> => scrape().then(() => true);
    await started.waitUntil('answering', answers, 30_000);
    return { process: started, scrape };
  };
  return [
    await start('prometheus-postgres-exporter', (address) => [`--web.listen-address=${address}`], {
      ...process.env,
      DATA_SOURCE_NAME: source,
    }),
    await start('prometheus-redis-exporter', (address) => [
      `-web.listen-address=${address}`,
      `-redis.addr=redis://127.0.0.1:${redis.server.port}`,
    ]),
  ];
}

/**
 * A full Postgres round, every check asked: how long it took, and how long the server says that it worked on what it was
 * sent. The first is measured where the second is not logged.
 */
async function fullRound(
  postgres: PostgresRig,
  service: readonly string[],
  directory: string
): Promise<{ readonly wallMs: number; readonly serverMs: number; readonly checks: number }> {
  const admin = await postgres.admin();
  const start = (): Promise<Running> => Running.start(service, directory, [postgres.target({ checks: everything })]);
  const silent = await start();
  await silent.round('shop-postgres');
  await admin.query(`ALTER ROLE ${SERVICE} SET log_min_duration_statement = 0`);
  const logged = await start();
  try {
    const walls: number[] = [];
    const sums: number[] = [];
    let checks = 0;
    for (let n = -WARM_ROUNDS; n < ROUNDS; n += 1) {
      const { round } = await silent.round('shop-postgres');
      const lines = follow(postgres.server.logFile);
      await logged.round('shop-postgres');
      const took = lines()
        .filter((line) => line.startsWith(`[${SERVICE}]`))
        .map((line) => Number(/duration: ([\d.]+) ms/.exec(line)?.[1] ?? 0));
      if (n >= 0) {
        walls.push(round.tookMs);
        sums.push(took.reduce((sum, each) => sum + each, 0));
      }
      checks = round.checks.length;
    }
    return { wallMs: median(walls), serverMs: median(sums), checks };
  } finally {
    await Promise.all([silent.stop(), logged.stop()]);
  }
}

/** A row for each measure, a minute; answers what was missed. */
function compare(name: string, [service, exporter]: readonly [Use, Use], minutes: number): readonly string[] {
  const missed: string[] = [];
  const row = (what: string, pick: (use: Use) => number, goal?: number): void => {
    const [ours, theirs] = [pick(service), pick(exporter)];
    const ratio = ours / theirs;
    const told = goal === undefined ? '' : `  (goal: at most ${goal}) ${ratio <= goal ? 'met' : 'MISSED'}`;
    say(
      `${`${name}: ${what}`.padEnd(52)}${ours.toFixed(1).padStart(10)}${theirs.toFixed(1).padStart(12)}${(theirs === 0 ? '' : ratio.toFixed(2)).padStart(10)}${told}`
    );
    if (goal !== undefined && !(ratio <= goal)) {
      missed.push(`${name} ${what}: ${ratio.toFixed(2)} of the exporter's, not ${goal}`);
    }
  };
  row('calls a minute', ({ calls }) => calls / minutes, GOALS.calls);
  row('ms in the server a minute', ({ milliseconds }) => milliseconds / minutes, GOALS.time);
  row('connections held', ({ held }) => held);
  row('connections opened a minute', ({ opened }) => opened / minutes);
  row('log lines a minute', ({ logLines }) => logLines / minutes);
  if (process.argv.includes('--costly')) {
    for (const [who, { costly }] of Object.entries({ service, exporter })) {
      for (const { what, calls, milliseconds } of costly.slice(0, 25)) {
        const text = what.replace(/\s+/g, ' ').slice(0, 150);
        say(
          `  ${who} ${(milliseconds / minutes).toFixed(1).padStart(8)} ms ${(calls / minutes).toFixed(0).padStart(6)} calls  ${text}`
        );
      }
    }
  }
  return missed;
}

/** How the service looks at keys one by one, which the exporter does not do unless it is told to. */
const OF_KEYS = new Set(['scan', 'memory|usage', 'pttl', 'type', 'llen', 'hlen', 'scard', 'zcard', 'xlen', 'strlen']);

function withoutKeys(use: Use): Use {
  const costly = use.costly.filter(({ what }) => !OF_KEYS.has(what));
  return { ...use, ...total(costly), costly };
}

/** Minutes from one pass over the keys to the next while nobody looks, with a round a minute. */
const cycleMinutes = (still: boolean): number => KEYS / KEYS_UNASKED + unaskedRestMs(KEYS, still) / 60_000;

/** What is used in so many minutes, with their share of a pass over the keys. */
function withShareOf(pass: Use, use: Use, minutes: number, still: boolean): Use {
  const share = minutes / cycleMinutes(still);
  const ofKeys = pass.costly.filter(({ what }) => OF_KEYS.has(what));
  const shares = ofKeys.map(({ what, calls, milliseconds }) => ({
    ...{ what: `${what}, of a pass`, calls: calls * share, milliseconds: milliseconds * share },
  }));
  const costly = [...use.costly, ...shares].sort((one, other) => other.milliseconds - one.milliseconds);
  return { ...use, ...total(costly), costly };
}

interface Rigs {
  readonly postgres: PostgresRig;
  /** The Redis of the service, and that of the exporter. */
  readonly ours: RedisRig;
  readonly theirs: RedisRig;
}

/** Watches both beside the exporters and prints the comparison; answers what was missed. */
async function compareBoth(rigs: Rigs, service: readonly string[], directory: string): Promise<readonly string[]> {
  const minutes = Number(process.argv.slice(2).find((each) => /^[\d.]+$/.test(each)) ?? 2);
  const watched = await watchBoth(rigs, service, { directory, minutes });
  const [ofService, ofExporter] = watched.redis;
  say(`${minutes} minutes, ${TABLES} tables, ${KEYS} keys; load of the machine ${loadavg()[0]?.toFixed(1)}`);
  say(`${' '.repeat(55)}service    exporter     ratio`);
  const withKeys = (still: boolean): Use => withShareOf(watched.firstPass, ofService, minutes, still);
  const missed = [
    ...compare('Postgres', watched.postgres, minutes),
    ...compare('Redis', [withKeys(true), ofExporter], minutes),
    ...compare('Redis without its keys', [withoutKeys(ofService), withoutKeys(ofExporter)], minutes),
  ];
  const moving = withKeys(false);
  const ratioOf = (pick: (use: Use) => number): string => (pick(moving) / pick(ofExporter)).toFixed(2);
  say(
    `\nRedis: a pass over the keys each ${(cycleMinutes(true) / 60).toFixed(0)} h while its memory stands still, as above; each ${cycleMinutes(false).toFixed(0)} min while it moves: ${ratioOf(({ calls }) => calls)} × the calls and ${ratioOf(({ milliseconds }) => milliseconds)} × the time of the exporter`
  );
  return missed;
}

/** Prints what a full round takes; answers what was missed. */
async function compareRound(
  postgres: PostgresRig,
  service: readonly string[],
  directory: string
): Promise<readonly string[]> {
  const { wallMs, serverMs, checks } = await fullRound(postgres, service, directory);
  const ratio = wallMs / serverMs;
  say(
    `a full Postgres round, ${checks} checks, none remembered: ${wallMs.toFixed(1)} ms; its statements in the server: ${serverMs.toFixed(1)} ms; ${ratio.toFixed(2)} ×  (goal: at most ${GOALS.wall})`
  );
  return ratio <= GOALS.wall
    ? []
    : [`a full round takes ${ratio.toFixed(2)} × what its statements take in the server, not ${GOALS.wall} ×`];
}

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'diagnostics-exporters-'));
  const postgres = await postgresRig({
    settings: { log_connections: 'on', log_line_prefix: '[%u] ', 'pg_stat_statements.track_planning': 'on' },
  });
  const [ours, theirs] = [await redisRig(), await redisRig()];
  try {
    await fillPostgres(postgres);
    await Promise.all([fillRedis(ours), fillRedis(theirs)]);
    const service = [...NODE_FLAGS, (await buildService()).main];
    const missed = [
      ...(process.argv.includes('--round') ? [] : await compareBoth({ postgres, ours, theirs }, service, directory)),
      ...(await compareRound(postgres, service, directory)),
    ];
    missed.forEach((each) => say(`MISSED: ${each}`));
    process.exitCode = missed.length === 0 ? 0 : 1;
  } finally {
    await Promise.all([postgres.dispose(), ours.dispose(), theirs.dispose()]);
    rmSync(directory, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
