/**
 * The version that the tests' servers are of: the newest that is installed, or POSTGRES_MAJOR, which has to be fetched
 * before. `POSTGRES_MAJOR=13 npx vitest run --project diagnostics diagnostics/tests/postgres/faults.test.ts`
 */
import { existsSync, readdirSync } from 'node:fs';
import { binariesOf } from '../versions/fetch.mjs';

const INSTALLED = '/usr/lib/postgresql';

/** Major versions that are installed, the newest first. */
export const installedMajors = (): number[] =>
  readdirSync(INSTALLED)
    .filter((each) => /^\d+$/.test(each))
    .map(Number)
    .sort((a, b) => b - a);

/** Of the servers of this run. */
export const serverMajor = (): number => Number(process.env.POSTGRES_MAJOR ?? installedMajors()[0]);

/** Why the servers of this run lack what came with that version; undefined when they have it. */
export const before = (major: number, what: string): string | undefined =>
  serverMajor() < major ? `PostgreSQL ${serverMajor()} has no ${what}, which came with ${major}` : undefined;

/** For `startPostgres`. Errors: that version is not here. */
export function chosenBinaries(): { readonly bin?: string } {
  const major = process.env.POSTGRES_MAJOR;
  if (major === undefined) {
    return {};
  }
  const installed = `${INSTALLED}/${major}/bin`;
  const bin = existsSync(installed) ? installed : binariesOf(major);
  if (bin === undefined) {
    throw new Error(`PostgreSQL ${major} is not here: node diagnostics/tests/versions/fetch.mjs ${major}`);
  }
  return { bin };
}
