/**
 * The same questions, asked of the same Postgres in one run: by the service's full round, and by the peers' probes
 * (Debian's check_postgres and check_pgactivity; pgmetrics when it is installed). Then the service's memory at rest.
 * `npx tsx bench/diagnostics/run.ts [passes]`. As root, what is missing of Debian's packages is installed.
 * `npx tsx bench/diagnostics/run.ts --soak` also takes a thousand rounds (bench/diagnostics/soak.ts takes ten thousand).
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NODE_FLAGS, buildService } from '../../diagnostics/build';
import type { Round } from '../../diagnostics/src/model/round';
import { postgresChecks } from '../../diagnostics/src/postgres/checks';
import { type PostgresRig, postgresRig } from '../../diagnostics/tests/rig/postgres';
import { soak } from '../../diagnostics/tests/rig/soak';
import { Running, everything } from './running';
import { fillPostgres } from './tables';

const PGACTIVITY = '/usr/lib/nagios/plugins/check_pgactivity';
const POSTGRES = '/usr/bin/check_postgres';
const say = (line = ''): void => void process.stdout.write(`${line}\n`);

/** Each probe of a peer, and the check of the service that answers the same question. */
const PROBES: ReadonlyArray<
  readonly [check: string, program: 'postgres' | 'pgactivity', action: string, ...more: string[]]
> = [
  ['postgres.availability', 'postgres', 'connection'],
  ['postgres.connections', 'pgactivity', 'backends_status'],
  ['postgres.blocking', 'postgres', 'locks', '-w', '100', '-c', '200'],
  ['postgres.transactions', 'postgres', 'txn_idle', '-w', '60 seconds', '-c', '300 seconds'],
  ['postgres.statements', 'pgactivity', 'longest_query', '-w', '1m', '-c', '5m'],
  ['postgres.prepared_transactions', 'postgres', 'prepared_txns', '-w', '60', '-c', '300'],
  ['postgres.deadlocks', 'postgres', 'dbstats'],
  ['postgres.dead_tuples', 'postgres', 'last_vacuum', '-w', '10 days', '-c', '20 days'],
  ['postgres.autovacuum', 'pgactivity', 'autovacuum'],
  ['postgres.index_use', 'pgactivity', 'invalid_indexes'],
  ['postgres.freeze_age', 'pgactivity', 'max_freeze_age'],
  ['postgres.bloat', 'postgres', 'bloat', '-w', '1 GB', '-c', '2 GB'],
  ['postgres.sizes', 'postgres', 'database_size', '-w', '10 GB', '-c', '20 GB'],
  ['postgres.sequences', 'pgactivity', 'sequences_exhausted', '-w', '50%', '-c', '80%'],
  ['postgres.cache_hit', 'postgres', 'hitratio', '-w', '50%', '-c', '20%'],
  ['postgres.temporary_files', 'pgactivity', 'temp_files', '-w', '100MB', '-c', '1GB'],
  ['postgres.wal', 'postgres', 'wal_files', '-w', '1000', '-c', '2000'],
  ['postgres.replication_slots', 'postgres', 'replication_slots', '-w', '1 GB', '-c', '2 GB'],
];

function requirePeers(): void {
  const missing = [
    ...(existsSync(POSTGRES) ? [] : ['check-postgres']),
    ...(existsSync(PGACTIVITY) ? [] : ['check-pgactivity']),
  ];
  if (missing.length > 0 && process.getuid?.() === 0) {
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', ...missing], { stdio: 'ignore' });
  } else if (missing.length > 0) {
    throw new Error(`missing: ${missing.join(', ')}. Run as root: apt-get install ${missing.join(' ')}`);
  }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const ms = (value: number): string => `${value.toFixed(1)} ms`.padStart(11);

/** Connections that the server has logged so far, of whatever role. */
const connectionsOf = (rig: PostgresRig): number =>
  readFileSync(rig.server.logFile, 'utf8').match(/connection authorized: /g)?.length ?? 0;

/** Runs one probe to its end. Errors: the probe could not ask (status 3 and above is neither ok, warning nor critical). */
function probe(rig: PostgresRig, directory: string, [, program, action, ...more]: (typeof PROBES)[number]): number {
  const { hostname, port, username, password } = new URL(rig.server.superuserUrl);
  const where = ['-H', hostname, '-p', port];
  const [file, args] =
    program === 'postgres'
      ? [POSTGRES, [`--action=${action}`, ...where, '-db', 'shop', '-u', username, ...more]]
      : [
          PGACTIVITY,
          ['-s', action, '-h', hostname, '-p', port, '-U', username, '-d', 'shop'].concat(
            ['--status-file', join(directory, 'pgactivity.data')],
            more
          ),
        ];
  const startedAt = performance.now();
  const done = spawnSync(file, args, {
    env: { ...process.env, PGPASSWORD: decodeURIComponent(password) },
    encoding: 'utf8',
    timeout: 30_000,
  });
  const took = performance.now() - startedAt;
  if (done.status === null || done.status > 2) {
    throw new Error(`${program} ${action} did not answer (${done.status ?? 'timeout'}): ${done.stdout}${done.stderr}`);
  }
  return took;
}

/** The Postgres round that is taken now, and how long its answer took. */
const roundOf = (service: Running): Promise<{ round: Round; took: number }> => service.round('shop-postgres');

/** Only the checks that a probe stands beside. */
const sameQuestions = Object.fromEntries(
  postgresChecks.map((check) => [
    check.id,
    PROBES.some(([id]) => id === check.id) ? (everything[check.id] ?? {}) : { enabled: false },
  ])
);

async function main(): Promise<void> {
  requirePeers();
  const passes = Number(process.argv.slice(2).find((each) => /^\d+$/.test(each)) ?? 5);
  const directory = mkdtempSync(join(tmpdir(), 'diagnostics-bench-'));
  const rig = await postgresRig({ settings: { log_connections: 'on' } });
  const bundle = await buildService();
  const started: Running[] = [];
  try {
    await fillPostgres(rig);
    const before = connectionsOf(rig);
    const start = (checks: object) => Running.start([...NODE_FLAGS, bundle.main], directory, [rig.target({ checks })]);
    const service = await start(everything);
    started.push(service);
    // The first rounds are the baseline of the rates, and warm both sides up.
    await roundOf(service);
    await roundOf(service);
    const opened = connectionsOf(rig) - before;
    const same = await start(sameQuestions);
    const ordinary = await start({});
    started.push(same, ordinary);
    for (const other of [same, ordinary]) {
      await roundOf(other);
      await roundOf(other);
    }
    const rounds: number[] = [];
    const sames: number[] = [];
    const ordinaries: number[] = [];
    const sums: number[] = [];
    const each = new Map<string, number[]>();
    let own = 0;
    let peers = 0;
    let last: Round | undefined;
    for (let pass = 0; pass < passes; pass += 1) {
      const ownBefore = connectionsOf(rig);
      const { round, took } = await roundOf(service);
      rounds.push(took);
      sames.push((await roundOf(same)).took);
      ordinaries.push((await roundOf(ordinary)).took);
      last = round;
      own += connectionsOf(rig) - ownBefore;
      const peersBefore = connectionsOf(rig);
      let sum = 0;
      for (const one of PROBES) {
        const spent = probe(rig, directory, one);
        const name = `${one[1]} ${one[2]}`;
        each.set(name, [...(each.get(name) ?? []), spent]);
        sum += spent;
      }
      sums.push(sum);
      peers += connectionsOf(rig) - peersBefore;
    }
    report(last, each);
    const sum = median(sums);
    const against = (took: number): string => `${ms(took)}${(sum / took).toFixed(0).padStart(7)} ×`;
    say();
    say(
      `peers, ${PROBES.length} probes                       ${ms(sum)}            connections: ${peers / passes} a pass`
    );
    say(`service, the same ${PROBES.length} questions          ${against(median(sames))}  (bar: 50 ×)`);
    say(
      `service, all ${last?.checks.length ?? 0} checks, none remembered ${against(median(rounds))}  connections: ${opened}, and ${own} more in ${passes} rounds`
    );
    say(`service, a round as it is by default     ${against(median(ordinaries))}`);
    const round = median(rounds);
    pgmetrics(rig, round);
    await Promise.all(started.map((running) => running.stop()));
    started.length = 0;

    say();
    for (const [name, command] of [
      ['node dist/main.js', [...NODE_FLAGS, bundle.main]],
      ['tsx src/main.ts', ['--import', 'tsx', 'diagnostics/src/main.ts']],
    ] as const) {
      const running = await Running.start(command, directory, [rig.target()]);
      started.push(running);
      for (let at = 0; at < 5; at += 1) {
        await roundOf(running);
      }
      say(`memory at rest, ${name.padEnd(18)} ${(running.rss() / 1e6).toFixed(0)} MB resident (bar: 120 MB)`);
      await running.stop();
      started.length = 0;
    }
    say(`bundle: main.js ${(bundle.mainBytes / 1e6).toFixed(1)} MB, ${(bundle.bytes / 1e6).toFixed(1)} MB in all`);
    if (process.argv.includes('--soak')) {
      const { heapBytesPerRound, postgresOpened, rounds: taken } = await soak(1000);
      say(
        `${taken} rounds: ${heapBytesPerRound.toFixed(0)} bytes of heap a round, ${postgresOpened} connection(s) ever opened`
      );
    }
  } finally {
    started.forEach(({ child }) => child.kill('SIGKILL'));
    await rig.dispose();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Each probe beside the check with the same question. A check that did not answer would make the comparison worthless. */
function report(round: Round | undefined, each: ReadonlyMap<string, readonly number[]>): void {
  for (const [check, program, action] of PROBES) {
    const found = round?.checks.find((result) => result.id === check);
    if (found === undefined || (found.state === 'unknown' && found.reason !== 'not-applicable')) {
      throw new Error(`the round did not answer ${check}: ${found?.summary ?? 'not there'}`);
    }
    const name = `${program} ${action}`;
    say(`${check.padEnd(32)} ${ms(found.tookMs)}   check_${name.padEnd(30)} ${ms(median(each.get(name) ?? []))}`);
  }
}

function pgmetrics(rig: PostgresRig, round: number): void {
  const { hostname, port, username, password } = new URL(rig.server.superuserUrl);
  const before = connectionsOf(rig);
  const startedAt = performance.now();
  const done = spawnSync(
    'pgmetrics',
    ['-h', hostname, '-p', port, '-U', username, '--no-password', '-f', 'json', 'shop'],
    {
      env: { ...process.env, PGPASSWORD: decodeURIComponent(password) },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 30_000,
    }
  );
  if (done.error !== undefined || done.status !== 0) {
    say('pgmetrics                                     not measured: the program is not installed or failed');
    return;
  }
  const took = performance.now() - startedAt;
  say(
    `pgmetrics                                  ${ms(took)}   connections ${connectionsOf(rig) - before}; ${(took / round).toFixed(1)} × the round`
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
