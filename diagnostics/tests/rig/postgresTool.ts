import { installedMajors, serverMajor } from './postgresVersion';

/**
 * The program for the servers of this run, or why there is none: binaries that were fetched come without tools. `version`:
 * tools that only read also serve servers that are older than they are.
 */
export function postgresTool(
  name: 'pg_basebackup' | 'pg_dump' | 'pg_resetwal',
  version: 'same' | 'same-or-newer'
): { readonly program: string } | { readonly lacks: string } {
  const server = serverMajor();
  const serves = installedMajors().find((each) => each === server || (version === 'same-or-newer' && each > server));
  return serves === undefined
    ? { lacks: `no ${name} is here that serves PostgreSQL ${server}` }
    : { program: `/usr/lib/postgresql/${serves}/bin/${name}` };
}
