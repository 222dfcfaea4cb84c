import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { overviewDashboard } from '../generate/dashboards';
import { soundPacks } from '../loadPacks';

interface GenerateDashboardsOptions {
  /** The folder that gets the files; `dashboards` when left out. */
  readonly out?: string;
  /** Compare instead of writing. */
  readonly check: boolean;
}

/** Writes (or compares) the dashboards that are generated from the packs; answers the exit code. */
export function generateDashboards(
  directory: string,
  { out = 'dashboards', check }: GenerateDashboardsOptions,
  print: (line: string) => void
): number {
  const loaded = soundPacks(directory, print);
  if (loaded === undefined) {
    return 1;
  }
  const packs = loaded.map(({ pack }) => pack);
  const file = join(out, 'overview.json');
  const text = `${JSON.stringify(overviewDashboard(packs), null, 2)}\n`;
  if (!check) {
    mkdirSync(out, { recursive: true });
    writeFileSync(file, text);
    print(`${file} written`);
    return 0;
  }
  const current = existsSync(file) && readFileSync(file, 'utf8') === text;
  print(current ? `${file} is up to date` : `${file} is out of date: run \`live-runbooks generate dashboards\``);
  return current ? 0 : 1;
}
