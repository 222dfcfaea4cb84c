/** Fills a fresh Postgres: roles, the databases of both applications, and their rows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { REPOSITORY } from './record';

export interface Passwords {
  readonly gorax: string;
  readonly sqlstudio: string;
  readonly reporting: string;
  readonly exporter: string;
  readonly diagnostics: string;
}

/** Reads a file of demo/sql with psql's variables (`:name`, `:'name'`) filled in. */
function script(file: string, variables: Readonly<Record<string, string | number>>): string {
  const text = readFileSync(join(REPOSITORY, 'demo', 'sql', file), 'utf8');
  return text.replace(/(?<![:\w]):('?)(\w+)\1/g, (whole, quote: string, name: string) => {
    const value = variables[name];
    if (value === undefined) {
      return whole;
    }
    return quote === '' ? String(value) : `'${String(value).replace(/'/g, "''")}'`;
  });
}

/** A URL of the same server for another role or database. */
export function urlFor(superuserUrl: string, database: string, user?: string, password?: string): string {
  const url = new URL(superuserUrl);
  url.pathname = `/${database}`;
  if (user !== undefined) {
    url.username = user;
    url.password = password ?? '';
  }
  return url.toString();
}

async function run(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'estate' });
  await client.connect();
  try {
    for (const statement of statements) {
      await client.query(statement);
    }
  } finally {
    await client.end();
  }
}

/** `executions`: rows of workflow_executions. Errors: what Postgres said. */
export async function fillDatabases(superuserUrl: string, passwords: Passwords, executions: number): Promise<void> {
  const variables = Object.fromEntries(Object.entries(passwords).map(([name, value]) => [`${name}_password`, value]));
  // CREATE DATABASE refuses to run among other statements.
  await run(
    superuserUrl,
    script('roles.sql', variables)
      .replace(/--.*$/gm, '')
      .split(';')
      .filter((part) => part.trim() !== '')
  );
  const fill = async (database: string, statements: string): Promise<void> => {
    await run(urlFor(superuserUrl, database), [statements]);
    // On a session of its own: the counts of the first one arrive when it ends, and would make fresh statistics look stale.
    await run(urlFor(superuserUrl, database), ['VACUUM (ANALYZE)']);
  };
  await Promise.all([
    fill('gorax', script('gorax.sql', { executions })),
    fill('sqlstudio', script('sqlstudio.sql', {})),
  ]);
}
