/** Whether the schema has the version that the application expects: by the table of golang-migrate, Flyway, or a plain list. */
import { z } from 'zod';
import { Unanswered, defineCheck, limit } from '../../model/check';
import { fact } from '../../model/fact';
import type { PostgresCheckContext } from '../context';
import { lockedRelations } from '../locked';
import { isUserSchema, quoteName } from '../relationName';

const KINDS = ['golang-migrate', 'flyway', 'plain'] as const;
type Kind = (typeof KINDS)[number];

interface Table {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  readonly may: boolean;
  readonly kind: Kind | undefined;
  /** Column with the version, quoted. */
  readonly column: string;
}

const MENDS = {
  dirty:
    'The migration failed half-way. Read it, compare with the schema, finish or undo it by hand, then tell the tool: migrate force <version> (golang-migrate), flyway repair (Flyway). Do not force before looking.',
  missing: 'Run the migrations of the version that is deployed, or deploy the version that fits this schema.',
  unexpected:
    'The schema is newer than the list: an older version of the application is deployed (a rollback without its down-migrations?), or the list was not updated.',
};

export const migrations = defineCheck({
  id: 'postgres.migrations',
  title: 'Schema migrations',
  kind: 'postgres',
  asks: 'the version table (schema_migrations, flyway_schema_history, or the one named), compared with the configured list',
  value: fact.count('versions that are dirty, missing or unexpected'),
  fields: {
    tool: fact.word(KINDS, 'the tool whose table it is'),
    table: fact.text('the version table'),
    version: fact.text('the newest version in it; null when it is empty'),
    dirty: fact.flag('a migration failed half-way'),
    missing: fact.count('configured versions that are not applied; null without a list'),
    unexpected: fact.count('applied versions that the list does not have; null without a list'),
  },
  rows: {
    problems: {
      version: fact.text('version'),
      problem: fact.word(['dirty', 'missing', 'unexpected'], 'what is wrong with it'),
    },
  },
  mend: MENDS.missing,
  privilege: 'GRANT SELECT ON schema_migrations TO live_runbooks',
  unaskedEvery: 5,
  options: z.strictObject({
    warning: limit.none(),
    critical: limit.none(),
    /** The version table, as `schema.table`; found by its name when left out. */
    table: z.string().min(1).optional(),
    /** Every version that the deployed application expects, in order. */
    expected: z.array(z.coerce.string().min(1)).max(10_000).optional(),
    everySeconds: limit.every(15),
  }),
  make: (options) => async (context: PostgresCheckContext) => {
    const table = await findTable(context, options.table);
    if (table === undefined) {
      throw options.table === undefined && options.expected === undefined
        ? new Unanswered(
            'not-applicable',
            'no version table (schema_migrations, flyway_schema_history) is there, and none is configured',
            'Name it under checks → postgres.migrations → table.'
          )
        : new Unanswered(
            'not-configured',
            `there is no ${options.table ?? 'schema_migrations or flyway_schema_history'} in this database`,
            'Correct `table`, or run the migrations for the first time.'
          );
    }
    const full = `${table.schema}.${table.name}`;
    if (!table.may) {
      throw new Unanswered(
        'no-permission',
        `${full} may not be read`,
        `GRANT USAGE ON SCHEMA ${table.schema} TO ${quoteName(context.names.user)}; GRANT SELECT ON ${full} TO ${quoteName(context.names.user)};`
      );
    }
    if ((await lockedRelations(context)).some((each) => each.id === table.id)) {
      throw new Unanswered(
        'timeout',
        `${full} is under AccessExclusiveLock`,
        'A migration may be running: see postgres.blocking for who holds it.'
      );
    }
    if (table.kind === undefined) {
      throw new Unanswered('not-configured', `${full} has no column named version`, 'Name another table.');
    }
    return compare(await applied(context, table), table.kind, full, options.expected);
  },
});

interface Applied {
  readonly version: string;
  readonly failed: boolean;
}

async function findTable({ ask }: PostgresCheckContext, named: string | undefined): Promise<Table | undefined> {
  const rows = await ask(
    `SELECT c.oid AS id, quote_ident(n.nspname) AS schema, quote_ident(c.relname) AS name,
            has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS may,
            (SELECT array_agg(a.attname::text) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND ${isUserSchema('n.nspname')}
       AND CASE WHEN $1::text IS NULL THEN c.relname IN ('schema_migrations', 'flyway_schema_history')
                ELSE $1 IN (n.nspname || '.' || c.relname, quote_ident(n.nspname) || '.' || quote_ident(c.relname),
                            CASE WHEN n.nspname = 'public' THEN c.relname END) END
     ORDER BY n.nspname <> 'public', c.relname DESC LIMIT 1`,
    [named ?? null]
  );
  const [row] = rows;
  if (row === undefined) {
    return undefined;
  }
  const columns = Array.isArray(row.columns) ? row.columns.map(String) : [];
  const kind: Kind | undefined =
    columns.includes('installed_rank') && columns.includes('success')
      ? 'flyway'
      : columns.includes('dirty') && columns.includes('version')
        ? 'golang-migrate'
        : ['version', 'name', 'filename', 'id'].some((name) => columns.includes(name))
          ? 'plain'
          : undefined;
  const column = ['version', 'name', 'filename', 'id'].find((name) => columns.includes(name)) ?? 'version';
  return {
    id: Number(row.id),
    schema: String(row.schema),
    name: String(row.name),
    may: row.may === true,
    kind,
    column: quoteName(column),
  };
}

async function applied({ ask }: PostgresCheckContext, table: Table): Promise<readonly Applied[]> {
  const failed = table.kind === 'flyway' ? 'NOT success' : table.kind === 'golang-migrate' ? 'dirty' : 'false';
  const order = table.kind === 'flyway' ? 'installed_rank' : table.column;
  const rows = await ask(
    `SELECT ${table.column}::text AS version, ${failed} AS failed FROM ${table.schema}.${table.name}
     WHERE ${table.column} IS NOT NULL ORDER BY ${order} LIMIT 10001`
  );
  return rows.map((row) => ({ version: String(row.version), failed: row.failed === true }));
}

function compare(done: readonly Applied[], kind: Kind, table: string, expected: readonly string[] | undefined) {
  const dirty = done.filter((each) => each.failed).map((each) => each.version);
  const newest = done.at(-1)?.version ?? null;
  let missing: readonly string[] = [];
  let unexpected: readonly string[] = [];
  if (expected !== undefined) {
    const good = done.filter((each) => !each.failed).map((each) => each.version);
    if (kind === 'golang-migrate') {
      // It stores only where it stands: every version up to there is applied.
      const at = newest === null ? -1 : expected.findIndex((each) => same(each, newest));
      unexpected = newest !== null && at === -1 ? [newest] : [];
      missing =
        unexpected.length > 0
          ? expected.filter((each) => newest !== null && isLater(each, newest))
          : expected.slice(at + 1);
    } else {
      missing = expected.filter((each) => !good.some((version) => same(each, version)));
      unexpected = done.map((each) => each.version).filter((version) => !expected.some((each) => same(each, version)));
    }
  }
  const problems = [
    ...dirty.map((version) => ({ version, problem: 'dirty' as const })),
    ...missing.map((version) => ({ version, problem: 'missing' as const })),
    ...unexpected.map((version) => ({ version, problem: 'unexpected' as const })),
  ];
  const parts = [
    ...(dirty.length > 0 ? [`${dirty[0] ?? ''} failed half-way (dirty)`] : []),
    ...(missing.length > 0 ? [`${missing.length} missing (${missing[0] ?? ''})`] : []),
    ...(unexpected.length > 0 ? [`${unexpected.length} unexpected (${unexpected[0] ?? ''})`] : []),
  ];
  return {
    value: problems.length,
    summary: `${table} is at ${newest ?? 'no version'}${parts.length > 0 ? `: ${parts.join(', ')}` : expected === undefined ? ', clean; no list to compare with is configured' : ', as expected'}`,
    fields: {
      tool: kind,
      table,
      version: newest,
      dirty: dirty.length > 0,
      missing: expected === undefined ? null : missing.length,
      unexpected: expected === undefined ? null : unexpected.length,
    },
    rows: { problems: problems.slice(0, 50) },
    ...(dirty.length > 0
      ? { atLeast: 'critical' as const, mend: MENDS.dirty }
      : problems.length > 0
        ? { atLeast: 'warning' as const, mend: missing.length > 0 ? MENDS.missing : MENDS.unexpected }
        : {}),
  };
}

/** "0012" and "12" are the same version; names are compared as they are. */
const same = (a: string, b: string): boolean => a === b || (isNumber(a) && isNumber(b) && BigInt(a) === BigInt(b));
const isNumber = (text: string): boolean => /^\d+$/.test(text);
const isLater = (a: string, b: string): boolean =>
  isNumber(a) && isNumber(b) ? BigInt(a) > BigInt(b) : a.localeCompare(b) > 0;
