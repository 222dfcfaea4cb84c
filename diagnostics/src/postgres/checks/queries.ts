/**
 * Questions that only the configuration can ask: any SELECT, with the column that is judged and its thresholds.
 *
 * Three walls. Privilege: the role reads what it was granted, nothing else. The extended protocol: the text becomes one
 * `DECLARE … CURSOR FOR`, so a second statement is refused (42601), and so is everything but a query. And it runs in a
 * read-only transaction that is rolled back, so that no setting survives it.
 *
 * Row-level security would answer no rows, which looks like nothing to worry about, so hidden rows are told as blindness.
 */
import { z } from 'zod';
import type { CheckResult, Row, Scalar } from '@live-runbooks/engine';
import { STATES, Unanswered, defineCheck, judge, worse } from '../../model/check';
import { elapsedMs } from '../../model/clock';
import { type ValuesOf, fact } from '../../model/fact';
import { describe } from '../../model/thrown';
import type { PostgresCheckContext } from '../context';
import { scalar } from '../cells';
import { quoteName } from '../relationName';
import type { SqlRow } from '../ask';
import { STATEMENT_TIMEOUT_MS, SessionLost } from '../session';
import { LOCKED, REFUSED, TOO_SLOW } from '../sqlstate';

const OWN_FIELDS = ['queries', 'firing', 'failing'];
const ROWS = 100;
const TEXT = 500;
/** Below this there is no time for another query and its roll-back. */
const LEAVE_MS = 250;

const query = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'a field name of letters, digits and "_"')
    .refine((name) => !OWN_FIELDS.includes(name), `another name than ${OWN_FIELDS.join(', ')}`),
  /** One SELECT; names with their schema (the search path is pg_catalog alone). */
  sql: z.string().min(1).max(20_000),
  /** The column of the first row that is judged; the number of rows when left out. */
  value: z.string().min(1).optional(),
  /** Columns that leave the service, as rows; none when left out. */
  fields: z.array(z.string().min(1)).max(30).optional(),
  warning: z.number().optional(),
  critical: z.number().optional(),
  /** A value at or below the threshold is the problem. */
  below: z.boolean().optional(),
  /** What to do about a finding. */
  mend: z.string().min(1).optional(),
});
type Query = z.infer<typeof query>;

interface Answer {
  readonly state: CheckResult['state'];
  readonly value: number | null;
  readonly message: string;
  readonly mend?: string;
  readonly rows: readonly Row[];
}

const QUERY_COLUMNS = {
  name: fact.text('name in the configuration; also the name of the field with the value'),
  state: fact.word(STATES, 'its state'),
  value: fact.number('the value that is judged; null when it is not known'),
  message: fact.text('what was found, or why not'),
  mend: fact.text('what to do'),
  tookMs: fact.ms('ms'),
};

const RESULT_COLUMNS = {
  query: fact.text('name of the query'),
  row: fact.number('number of the row, from 1; the configured columns follow'),
};

export const queries = defineCheck({
  id: 'postgres.queries',
  title: 'Configured queries',
  kind: 'postgres',
  asks: 'each configured SELECT, as a cursor in the extended protocol, in a read-only transaction that is rolled back, under the statement timeout; rows that a policy hides are an error (row_security = off)',
  value: 'firing',
  fields: {
    queries: fact.count('configured queries'),
    firing: fact.count('queries past their threshold'),
    failing: fact.count('queries that were refused or not answered'),
  },
  configured: {
    fields: fact.number('value of the configured query of this name'),
    rows: { results: fact.any('a column that the configuration names under `fields` of the query') },
  },
  rows: {
    queries: QUERY_COLUMNS,
    results: RESULT_COLUMNS,
  },
  mend: 'See the mend of each.',
  privilege: 'GRANT SELECT ON <the tables that the query names> TO live_runbooks',
  options: z.strictObject({
    queries: z.array(query).max(50).default([]),
    everySeconds: z.number().min(0).max(86_400).default(15),
  }),
  make: (options) => async (context: PostgresCheckContext) => {
    if (options.queries.length === 0) {
      throw new Unanswered(
        'not-applicable',
        'no query is configured',
        'Name them under checks → postgres.queries → queries: [{name, sql, value, fields, warning, critical}].'
      );
    }
    const table: Array<ValuesOf<typeof QUERY_COLUMNS>> = [];
    const results: Array<Row & ValuesOf<typeof RESULT_COLUMNS>> = [];
    const values: Record<string, Scalar> = {};
    let state: 'ok' | 'warning' | 'critical' = 'ok';
    let failing = 0;
    const said: string[] = [];
    let mend: string | undefined;
    for (const each of options.queries) {
      const startedAt = performance.now();
      const answer = await answerOf(context, each);
      values[each.name] = answer.value;
      table.push({
        name: each.name,
        state: answer.state,
        value: answer.value,
        message: answer.message,
        mend: answer.mend ?? null,
        tookMs: elapsedMs(startedAt),
      });
      results.push(...answer.rows.map((row, index) => ({ query: each.name, row: index + 1, ...row })));
      if (answer.state === 'unknown') {
        failing += 1;
      } else {
        state = worse(state, answer.state) as typeof state;
      }
      if (answer.state !== 'ok') {
        said.push(`${each.name}: ${answer.message}`);
        mend ??= answer.mend;
      }
    }
    const firing = table.filter((row) => row.state === 'warning' || row.state === 'critical').length;
    return {
      value: firing,
      summary: said.length > 0 ? said.slice(0, 5).join('; ') : `${table.length} queries, all within their thresholds`,
      fields: { queries: table.length, firing, failing, ...values },
      rows: { queries: table, results: results.slice(0, 500) },
      ...(mend === undefined ? {} : { mend }),
      ...(state === 'ok' ? {} : { atLeast: state }),
      ...(state === 'ok' && failing > 0
        ? { unknown: { reason: 'query-error' as const, mend: mend ?? 'See the message of each.' } }
        : {}),
    };
  },
});

async function answerOf(context: PostgresCheckContext, asked: Query): Promise<Answer> {
  const left = context.left() - LEAVE_MS;
  if (left < 30) {
    return unknown(
      'not asked: the time of the round was used up before',
      'Raise everySeconds of other checks, or ask it on demand.'
    );
  }
  const { ask } = context;
  const timeoutMs = Math.round(Math.min(STATEMENT_TIMEOUT_MS, left));
  try {
    // Rows that a policy hides are an error this way, not an answer.
    return judged(asked, await rowsOf(ask, asked, timeoutMs, 'off'));
  } catch (error) {
    if (error instanceof SessionLost) {
      throw error;
    }
    const hiding = describe(error).code === REFUSED ? await hidingTables(ask, asked.sql) : [];
    const [first] = hiding;
    if (first === undefined) {
      return await refused(context, asked, error);
    }
    if (!hiding.every((table) => table.showsAll)) {
      const table = hiding.find((each) => !each.showsAll) ?? first;
      return unknown(
        `blind: row-level security of ${table.name} hides rows from the role ${quoteName(context.names.user)}`,
        `CREATE POLICY ${quoteName(`${context.names.user}_reads`)} ON ${table.name} FOR SELECT TO ${quoteName(context.names.user)} USING (true);`
      );
    }
    // A policy lets this role see every row.
    return await rowsOf(ask, asked, timeoutMs, 'on').then(
      (rows) => judged(asked, rows),
      (again: unknown) => {
        if (again instanceof SessionLost) {
          throw again;
        }
        return refused(context, asked, again);
      }
    );
  }
}

/** In a part of the round's transaction that is rolled back, so that no setting and no lock survives it. */
async function rowsOf(
  ask: PostgresCheckContext['ask'],
  asked: Query,
  timeoutMs: number,
  rowSecurity: 'on' | 'off'
): Promise<readonly SqlRow[]> {
  const once = { once: true };
  await ask('SAVEPOINT configured', [], once);
  await ask(`SELECT set_config('statement_timeout', $1, true), set_config('row_security', $2, true)`, [
    `${timeoutMs}ms`,
    rowSecurity,
  ]);
  await ask(`DECLARE configured NO SCROLL CURSOR FOR ${asked.sql.replace(/;\s*$/, '')}\n`, [], once);
  const rows = await ask(`FETCH ${ROWS + 1} FROM configured`, [], once);
  await ask('ROLLBACK TO SAVEPOINT configured', [], once);
  // A lock taken by pg_advisory_lock() would outlive the transaction.
  await ask('SELECT pg_advisory_unlock_all()');
  return rows;
}

interface Hiding {
  readonly name: string;
  /** A permissive policy for this role has no condition, and no restrictive one has any. */
  readonly showsAll: boolean;
}

/** Tables that the query names and whose policies bind this role. */
async function hidingTables(ask: PostgresCheckContext['ask'], sql: string): Promise<readonly Hiding[]> {
  const rows = await ask(
    `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS full, c.relname AS bare,
            coalesce((SELECT bool_or(p.polpermissive AND pg_get_expr(p.polqual, p.polrelid) = 'true')
                         AND NOT bool_or(NOT p.polpermissive)
                      FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd IN ('r', '*')
                        AND EXISTS (SELECT 1 FROM unnest(p.polroles) r(id) WHERE r.id = 0 OR pg_has_role(r.id, 'USAGE'))), false) AS all_rows
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relrowsecurity AND has_any_column_privilege(c.oid, 'SELECT') AND row_security_active(c.oid)`
  ).catch((error: unknown): readonly SqlRow[] => {
    if (error instanceof SessionLost) {
      throw error;
    }
    return [];
  });
  return rows
    .filter((row) => sql.toLowerCase().includes(String(row.bare).toLowerCase()))
    .map((row) => ({ name: String(row.full), showsAll: row.all_rows === true }));
}

const unknown = (message: string, mend: string): Answer => ({ state: 'unknown', value: null, message, mend, rows: [] });

function judged(asked: Query, rows: ReadonlyArray<Readonly<Record<string, unknown>>>): Answer {
  const [first] = rows;
  const columns = asked.fields ?? [];
  const missing = [...columns, ...(asked.value === undefined ? [] : [asked.value])].find(
    (column) => first !== undefined && !(column in first)
  );
  if (missing !== undefined) {
    return unknown(`the result has no column "${missing}"`, `Its columns are: ${Object.keys(first ?? {}).join(', ')}.`);
  }
  const shown = rows
    .slice(0, ROWS)
    .map((row) => Object.fromEntries(columns.map((column) => [column, shortened(row[column])])));
  if (asked.value !== undefined && first === undefined) {
    return unknown(
      'no row: there is no value to judge',
      'Let the query answer one row always, for example with an aggregate.'
    );
  }
  const given = asked.value === undefined ? rows.length : first?.[asked.value];
  const value =
    typeof given === 'boolean' ? Number(given) : given === null || given === undefined ? Number.NaN : Number(given);
  if (Number.isNaN(value)) {
    return {
      ...(typeof given === 'number'
        ? unknown(
            `"${asked.value ?? ''}" is NaN`,
            `The query computed "not a number": nullif(…, 'NaN') and coalesce give it a value that can be judged.`
          )
        : unknown(`"${asked.value ?? ''}" is no number`, 'Cast it in the query: …::float8; use coalesce for NULL.')),
      rows: shown,
    };
  }
  const threshold = {
    ...(asked.warning === undefined ? {} : { warning: asked.warning }),
    ...(asked.critical === undefined ? {} : { critical: asked.critical }),
  };
  const more = asked.value === undefined && rows.length > ROWS ? ` or more (only ${ROWS} are read)` : '';
  return {
    state: judge(value, threshold, asked.below ?? false),
    value,
    message: `${value}${more}${asked.value === undefined ? (value === 1 ? ' row' : ' rows') : ''}`,
    ...(asked.mend === undefined ? {} : { mend: asked.mend }),
    rows: columns.length === 0 ? [] : shown,
  };
}

async function refused({ ask, names }: PostgresCheckContext, asked: Query, error: unknown): Promise<Answer> {
  const { code, message } = describe(error);
  switch (code) {
    case '42601':
      // "cannot insert multiple commands into a prepared statement", or no SELECT at all.
      return {
        ...unknown(
          `refused (42601): ${message}`,
          `Write one SELECT under ${asked.name}.sql: a second statement is refused, and so is everything but a query.`
        ),
        state: 'warning',
      };
    case '25006':
    case '0A000':
      return {
        ...unknown(`refused (${code}): ${message}`, `${asked.name}.sql has to be a query that changes nothing.`),
        state: 'warning',
      };
    case REFUSED:
      return unknown(message, await grantFor(ask, names.user, message, asked.sql));
    case '42P01':
      return unknown(
        message,
        'Write names with their schema, as in public.orders: the search path is pg_catalog alone.'
      );
    case TOO_SLOW:
      return unknown(
        'it did not answer within the statement timeout',
        'Make it cheaper: an index, a LIMIT, an estimate.'
      );
    case LOCKED:
      return unknown('a relation that it reads is locked', 'See postgres.blocking for who holds AccessExclusiveLock.');
    default:
      return unknown(`${message}${code === '' ? '' : ` (${code})`}`, `Correct ${asked.name}.sql.`);
  }
}

/** The exact statement, with the schema where the name has only one. */
async function grantFor(ask: PostgresCheckContext['ask'], user: string, message: string, sql: string): Promise<string> {
  const [, kind = '', name = ''] = /^permission denied for (\w+) (.+)$/.exec(message) ?? [];
  const role = quoteName(user);
  if (name === '') {
    // The server speaks another language, or it is about something else: what the query names and may not be read.
    const denied = await ask(
      `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS full, c.relname AS bare
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
         AND NOT has_any_column_privilege(c.oid, 'SELECT') AND position(lower(c.relname) IN lower($1)) > 0`,
      [sql]
    ).catch(() => []);
    const named = denied.filter((row) => new RegExp(`(^|\\W)${escaped(String(row.bare))}(\\W|$)`, 'i').test(sql));
    return named.length === 1
      ? `GRANT SELECT ON ${String(named[0]?.full)} TO ${role};`
      : `As an administrator: GRANT SELECT ON <what the message names> TO ${role};`;
  }
  if (kind === 'schema') {
    return `GRANT USAGE ON SCHEMA ${quoteName(name)} TO ${role};`;
  }
  if (kind === 'function') {
    return `GRANT EXECUTE ON FUNCTION ${name} TO ${role};`;
  }
  const rows = await ask(
    `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS full
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')`,
    [name]
  ).catch(() => []);
  const full = rows.length === 1 ? String(rows[0]?.full) : quoteName(name);
  return `GRANT SELECT ON ${kind === 'sequence' ? 'SEQUENCE ' : ''}${full} TO ${role};`;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function shortened(value: unknown): Scalar {
  const plain = value !== null && typeof value === 'object' && !(value instanceof Date) ? JSON.stringify(value) : value;
  const text = scalar(typeof plain === 'bigint' ? Number(plain) : plain);
  return typeof text === 'string' && text.length > TEXT ? `${text.slice(0, TEXT)}…` : text;
}
