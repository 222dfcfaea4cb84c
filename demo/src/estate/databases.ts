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

type Variables = Readonly<Record<string, string | number>>;

const script = (file: string): string => readFileSync(join(REPOSITORY, 'demo', 'sql', file), 'utf8');

/** Fills in psql's variables (`:name`, `:'name'`). */
function filled(sql: string, variables: Variables): string {
  return sql.replace(/(?<![:\w]):('?)(\w+)\1/g, (whole, quote: string, name: string) => {
    const value = variables[name];
    if (value === undefined) {
      return whole;
    }
    return quote === '' ? String(value) : `'${String(value).replace(/'/g, "''")}'`;
  });
}

/**
 * The statements of `roles.sql`, one by one, because CREATE DATABASE refuses to run among others. Comments go and
 * statements part before the values come in: a password may hold two dashes or a semicolon.
 */
export function roleStatements(passwords: Passwords): string[] {
  const variables = Object.fromEntries(Object.entries(passwords).map(([name, value]) => [`${name}_password`, value]));
  return script('roles.sql')
    .replace(/--.*$/gm, '')
    .split(';')
    .filter((part) => part.trim() !== '')
    .map((statement) => filled(statement, variables));
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
  await run(superuserUrl, roleStatements(passwords));
  const fill = async (database: string, statements: string): Promise<void> => {
    await run(urlFor(superuserUrl, database), [statements]);
    // On a session of its own: the counts of the first one arrive when it ends, and would make fresh statistics look stale.
    await run(urlFor(superuserUrl, database), ['VACUUM (ANALYZE)']);
  };
  await Promise.all([
    fill('gorax', filled(script('gorax.sql'), { executions })),
    fill('sqlstudio', script('sqlstudio.sql')),
  ]);
}
