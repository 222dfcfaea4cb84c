import { readdirSync } from 'node:fs';

/** A tool of the newest PostgreSQL that is installed: the one that the tests' servers are of. */
export function postgresTool(name: 'pg_basebackup' | 'pg_checksums' | 'pg_dump' | 'pg_resetwal'): string {
  const [newest] = readdirSync('/usr/lib/postgresql')
    .filter((each) => /^\d+$/.test(each))
    .sort((a, b) => Number(b) - Number(a));
  return `/usr/lib/postgresql/${newest ?? ''}/bin/${name}`;
}
