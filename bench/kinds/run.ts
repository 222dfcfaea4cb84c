/**
 * The ten faults of the demo, found by the kinds alone: no pack, no declared arrow, no settings but the addresses of Prometheus and
 * of the diagnostics service. Prints for each fault what stood first, and exits 1 when fewer than eight of ten were named first,
 * or when something else was ever likely.
 * `npm run bench:kinds`; some: `npm run bench:kinds -- redis-gone bad-deploy`.
 */
import path from 'node:path';
import type { Suspect } from '@live-runbooks/engine';
import { startEstate } from '../../demo/src/index';
import { ensureBuild } from '../../scripts/lib/build.mjs';
import { openKindsLooker, type KindsLooker } from '../../tests/looks/kindsLooker';
import { WANTED } from './wanted';

const GOAL = 8;
const FIND_WITHIN_MS = 90_000;
const HEALTHY_WITHIN_MS = 180_000;
const EVERY_MS = 2000;
/** Prometheus has scraped every target twice by then. */
const SETTLE_MS = 6000;
const DISCOVERED_WITHIN_MS = 120_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const nameOf = ({ pack, runbook, cause, verdict }: Suspect): string => `${verdict} ${pack}/${runbook}/${cause}`;
const leaders = (suspects: readonly Suspect[]) => suspects.filter(({ explainedBy }) => explainedBy === undefined);

interface Row {
  readonly fault: string;
  readonly foundMs: number | undefined;
  readonly first: string;
  readonly wrong: ReadonlySet<string>;
}

const isWanted = (fault: string, { pack, cause, alsoIn }: Suspect): boolean => {
  const wanted = WANTED[fault];
  return [{ pack, cause }, ...alsoIn].some(
    (each) => wanted?.causes.includes(each.cause) === true && wanted.at.test(each.pack)
  );
};

/** Opened when two discoveries in turn found the same, and not only what the diagnostics service has: Prometheus has to scrape first. */
async function openDiscovered(workbench: string): Promise<KindsLooker> {
  let before = '';
  for (const from = Date.now(); Date.now() - from < DISCOVERED_WITHIN_MS; await pause(SETTLE_MS)) {
    const looker = await openKindsLooker(workbench);
    const found = JSON.stringify(looker.estate.components);
    if (
      found === before &&
      looker.estate.components.some(({ kinds }) => kinds.some(({ dialect }) => dialect !== 'diagnostics'))
    ) {
      return looker;
    }
    before = found;
  }
  throw new Error(`no component was found in Prometheus within ${DISCOVERED_WITHIN_MS / 1000} s. Last: ${before}`);
}

async function untilQuiet(looker: KindsLooker): Promise<boolean> {
  for (const from = Date.now(); Date.now() - from < HEALTHY_WITHIN_MS; await pause(EVERY_MS)) {
    const { suspects, state } = await looker.look();
    if (suspects.length === 0 && state !== 'problem') {
      return true;
    }
  }
  return false;
}

async function watch(fault: string, looker: KindsLooker): Promise<Row> {
  const from = Date.now();
  const wrong = new Set<string>();
  let first = 'nothing';
  let foundMs: number | undefined;
  // A few looks more, after it was found: what stands beside it then may be wrong too.
  for (let more = 3; more > 0 && Date.now() - from < FIND_WITHIN_MS; await pause(EVERY_MS)) {
    const { suspects, headline } = await looker.look();
    const leading = leaders(suspects);
    leading
      .filter(
        (suspect) =>
          suspect.verdict === 'likely' &&
          !isWanted(fault, suspect) &&
          WANTED[fault]?.alsoTrue?.includes(suspect.cause) !== true
      )
      .forEach((suspect) => wrong.add(nameOf(suspect)));
    const [top] = leading;
    if (foundMs === undefined) {
      first = top === undefined ? headline.sentence : nameOf(top);
    }
    if (top !== undefined && isWanted(fault, top)) {
      foundMs ??= Date.now() - from;
      more -= 1;
    }
  }
  return { fault, foundMs, first, wrong };
}

async function main(): Promise<void> {
  const given = process.argv.slice(2);
  const chosen = Object.keys(WANTED).filter((fault) => given.length === 0 || given.includes(fault));
  await ensureBuild();
  const base = process.env.DEMO_PORT_BASE;
  const estate = await startEstate({
    dir: path.resolve('.demo/kinds'),
    ...(base ? { portBase: Number(base) } : {}),
  });
  const rows: Row[] = [];
  try {
    const looker = await openDiscovered(estate.urls.workbench ?? '');
    looker.estate.components.forEach(({ id, kinds }) =>
      console.log(`component ${id}: ${kinds.map(({ kind, dialect }) => `${kind} (${dialect})`).join(', ')}`)
    );
    looker.estate.arrows.forEach(({ from, to, origin }) => console.log(`arrow ${from} -> ${to} (${origin})`));
    if (!(await untilQuiet(looker))) {
      const { sentence } = await looker.look();
      console.log(`a fresh estate is not quiet: ${sentence}`);
    }
    for (const fault of chosen) {
      const found = estate.faults.find(({ name }) => name === fault);
      await found?.inject();
      const row = await watch(fault, looker).finally(() => found?.clear());
      rows.push(row);
      const took = row.foundMs === undefined ? 'not first' : `first after ${(row.foundMs / 1000).toFixed(1)} s`;
      console.log(
        `${fault}: ${took}; ${row.first}${row.wrong.size > 0 ? `; WRONG: ${[...row.wrong].join(', ')}` : ''}`
      );
      if (!(await untilQuiet(looker))) {
        const { sentence } = await looker.look();
        console.log(`${fault}: not quiet again within ${HEALTHY_WITHIN_MS / 1000} s: ${sentence}`);
      }
    }
  } finally {
    await estate.stop();
  }
  const right = rows.filter(({ foundMs }) => foundMs !== undefined).length;
  const wrong = rows.filter((row) => row.wrong.size > 0).length;
  console.log(`kinds: ${right} of ${rows.length} right and first, ${wrong} with a wrong Likely`);
  process.exitCode = wrong > 0 || right < Math.min(GOAL, rows.length) ? 1 : 0;
}

main().catch((error: Error) => {
  console.error(`bench:kinds: ${error.message}`);
  process.exit(1);
});
