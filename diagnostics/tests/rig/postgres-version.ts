/**
 * The version that the tests' servers are of: the newest that is installed, or POSTGRES_MAJOR, which has to be fetched
 * before. `POSTGRES_MAJOR=13 npx vitest run --project diagnostics diagnostics/tests/postgres/faults.test.ts`
 */
import { existsSync } from 'node:fs';
import { binariesOf } from '../versions/fetch.mjs';

/** For `startPostgres`. Errors: that version is not here. */
export function chosenBinaries(): { readonly bin?: string } {
  const major = process.env.POSTGRES_MAJOR;
  if (major === undefined) {
    return {};
  }
  const installed = `/usr/lib/postgresql/${major}/bin`;
  const bin = existsSync(installed) ? installed : binariesOf(major);
  if (bin === undefined) {
    throw new Error(`PostgreSQL ${major} is not here: node diagnostics/tests/versions/fetch.mjs ${major}`);
  }
  return { bin };
}
