/**
 * Faults and healthy states that nobody tuned the packs for, on a running demo estate, judged on every look from the
 * injection to the recovery. Exits 1 on a wrong Likely and on a false alarm.
 * `npm run bench:estate`; some: `npm run bench:estate -- hot-row vacuum`; their names: `-- --list`.
 * The looks of each case, with the outcomes behind those that matter, go to `.cache/bench/estate/<case>.json`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuild } from '../../scripts/lib/build.mjs';
import { startEstate, type Estate } from '../../demo/src/index';
import { openLooker } from '../../tests/looks/looker';
import { recordable } from '../../tests/looks/lookOf';
import type { CaseEstate, EstateCase } from './case';
import { CASES } from './cases';
import { judgeLooks, type Judged } from './judge';
import { pause } from './tools';
import { isHealthy, watchEstate, type Seen, type Watch } from './watch';

const OUT = path.resolve('.cache/bench/estate');
const WATCH_SECONDS = 36;
/** Generous: rate windows run out and queues drain, also on a busy machine. */
const HEALTHY_WITHIN_MS = 150_000;

interface Row extends Judged {
  readonly name: string;
  readonly clearedMs?: number;
  readonly problem?: string;
}

interface Running {
  readonly estate: Estate;
  readonly watch: Watch;
  stop(): Promise<void>;
}

const startedAt = Date.now();
const say = (line: string): void =>
  console.log(`[${((Date.now() - startedAt) / 1000).toFixed(0).padStart(5)} s] ${line}`);

async function start(): Promise<Running> {
  const base = process.env.DEMO_PORT_BASE;
  const estate = await startEstate({
    dir: path.resolve('.demo/bench'),
    ...(base ? { portBase: Number(base) } : {}),
  });
  const watch = watchEstate(await openLooker(estate.urls.workbench ?? ''));
  return {
    estate,
    watch,
    async stop() {
      await watch.stop();
      await estate.stop();
    },
  };
}

function partsOf(estate: Estate): CaseEstate {
  return {
    ...estate.parts,
    async fault(name) {
      const fault = estate.faults.find((each) => each.name === name);
      if (fault === undefined) {
        throw new Error(`the estate has no fault "${name}"`);
      }
      await fault.inject();
      return () => fault.clear();
    },
  };
}

/** Whether the look is kept with its outcomes: where something wrong stands, and where the right cause was first seen. */
function keep(estateCase: EstateCase, seen: readonly Seen[], injectedAt: number, judged: Judged): void {
  const first = judged.foundMs === undefined ? undefined : injectedAt + judged.foundMs;
  const looks = seen.map(({ look, outcomes }) => {
    const { wrongLikely, wrongPossible, felt } = judgeLooks(estateCase, [look], injectedAt);
    const matters = wrongLikely + wrongPossible > 0 || look.at === first || (estateCase.kind === 'healthy' && felt);
    return {
      seconds: Math.round((look.at - injectedAt) / 100) / 10,
      ...look,
      ...(matters ? { outcomes: recordable(outcomes) } : {}),
    };
  });
  // A fault that nobody named: one look in the middle says what there was to see.
  const middle = looks[Math.floor(looks.length / 3)];
  if (middle && looks.every((look) => !('outcomes' in look))) {
    Object.assign(middle, { outcomes: recordable(seen[Math.floor(looks.length / 3)]?.outcomes ?? new Map()) });
  }
  const { name, title, kind } = estateCase;
  mkdirSync(OUT, { recursive: true });
  writeFileSync(
    path.join(OUT, `${name}.json`),
    `${JSON.stringify({ name, title, kind, ...judged, lookedAt: looks }, null, 1)}\n`
  );
}

async function runCase(estateCase: EstateCase, { estate, watch }: Running): Promise<Row> {
  const { name, title, watchSeconds = WATCH_SECONDS } = estateCase;
  watch.begin();
  say(`${name}: ${title}`);
  const injectedAt = Date.now();
  let problem: string | undefined;
  let restoredAt = injectedAt;
  try {
    const restore = await estateCase.inject(partsOf(estate));
    await pause(watchSeconds * 1000);
    restoredAt = Date.now();
    await restore();
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  const from = Date.now();
  const healthy = await watch.until((look) => look.at > from && isHealthy(look), HEALTHY_WITHIN_MS);
  const { seen } = watch;
  const judged = judgeLooks(
    estateCase,
    seen.map(({ look }) => look),
    injectedAt
  );
  keep(estateCase, seen, injectedAt, judged);
  const row: Row = {
    name,
    ...judged,
    ...(healthy ? { clearedMs: healthy.at - restoredAt } : {}),
    ...(problem === undefined ? {} : { problem }),
  };
  say(
    `${name}: ${row.judgement}${row.wrongs.length > 0 ? ` (${row.wrongs.join(', ')})` : ''}${problem ? `; ${problem}` : ''}`
  );
  return row;
}

function table(rows: readonly Row[]): string {
  const seconds = (ms: number | undefined) => (ms === undefined ? '–' : `${(ms / 1000).toFixed(1)} s`);
  const lines = [
    [
      'case',
      'judgement',
      'found',
      'cleared',
      'looks',
      'wrong Likely',
      'wrong Possible',
      'felt',
      'wrong causes, or what failed',
    ],
    ...rows.map((row) => [
      row.name,
      row.judgement,
      seconds(row.foundMs),
      seconds(row.clearedMs),
      String(row.looks),
      String(row.wrongLikely),
      String(row.wrongPossible),
      row.felt ? 'yes' : 'no',
      [...(row.problem ? [row.problem] : []), ...row.wrongs].join('; '),
    ]),
  ];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
    )
    .join('\n');
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { list: { type: 'boolean' }, kind: { type: 'string' } },
    allowPositionals: true,
  });
  if (values.list) {
    CASES.forEach(({ name, kind, title }) => console.log(`${name.padEnd(28)} ${kind.padEnd(8)} ${title}`));
    return;
  }
  const unknown = positionals.filter((name) => !CASES.some((each) => each.name === name));
  if (unknown.length > 0) {
    throw new Error(`no case is named ${unknown.join(', ')}; see --list`);
  }
  const chosen = CASES.filter(
    ({ name, kind }) =>
      (positionals.length === 0 || positionals.includes(name)) && (values.kind === undefined || values.kind === kind)
  );
  await ensureBuild();
  const rows: Row[] = [];
  let running: Running | undefined;
  // Whatever the moment: the watchdog of the estate ends what this process leaves.
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => process.exit(code));
  }
  try {
    for (const estateCase of chosen) {
      running ??= await start();
      running.watch.begin();
      const healthy = await running.watch.until(isHealthy, HEALTHY_WITHIN_MS);
      if (healthy === undefined) {
        throw new Error(`a fresh estate is not healthy: ${running.watch.seen.at(-1)?.look.sentence}`);
      }
      const row = await runCase(estateCase, running);
      rows.push(row);
      if (row.clearedMs === undefined) {
        // What a case leaves behind must not be blamed on the next one.
        say(`${row.name}: the estate did not become healthy again; a fresh one is started`);
        await running.stop();
        running = undefined;
      }
    }
  } finally {
    await running?.stop();
    if (rows.length > 0) {
      console.log(`\n${table(rows)}\n`);
    }
  }
  const count = (judgement: Row['judgement']) => rows.filter((row) => row.judgement === judgement).length;
  const bad = count('WRONG AS LIKELY') + count('false alarm');
  const names = [...new Set(rows.map(({ judgement }) => judgement))];
  console.log(`${rows.length} cases: ${names.map((name) => `${count(name)} ${name}`).join(', ')}`);
  process.exitCode = bad > 0 ? 1 : 0;
}

main().catch((error: Error) => {
  console.error(`bench:estate: ${error.message}`);
  process.exit(1);
});
