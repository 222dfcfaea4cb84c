/** What one sequence is, what it fills, and how far it has come. */
import { describe } from '../model/thrown';
import type { PostgresCheckContext } from './context';
import { isUserSchema, relationName } from './relationName';
import type { SqlRow } from './ask';
import { LOCKED } from './sqlstate';

export interface LookedSequence {
  readonly id: number;
  /** One of the users', that does not begin anew at its end. */
  readonly counts: boolean;
  /** As the catalog has it; `full` and `schema` are quoted. */
  readonly row: SqlRow;
  readonly readable: boolean;
  /** Null: never used. Undefined: it could not be read. */
  readonly last: number | null | undefined;
}

/** So many in one statement: it holds as many locks, which the server has few of. */
export const AT_ONCE = 100;

/**
 * The next ones by id, or those of these ids. The two lookups below `OFFSET 0` and the cast of `classid` keep the planner
 * to one index entry a sequence: without statistics of the catalogs it would read them whole for each.
 * `givesBack`: the locks on what was read are not kept to the end of the round. Errors: those of `ask`.
 */
export async function lookAtSequences(
  context: PostgresCheckContext,
  which: { readonly after: number } | { readonly ids: readonly number[] },
  locked: readonly number[],
  { givesBack = false } = {}
): Promise<readonly LookedSequence[]> {
  const rows = await context.ask(
    `SELECT q.seqrelid AS id, c.schema, c.full, c.sequence, q.seqstart, q.seqincrement AS step, q.seqmin, q.seqmax,
            c.mine AND NOT q.seqcycle AS counts, c.may, c.reach, q.seqrelid = ANY ($2::oid[]) AS locked,
            col.name AS column, col.size
     FROM (SELECT * FROM pg_sequence WHERE ${'ids' in which ? 'seqrelid = ANY ($1::oid[])' : 'seqrelid > $1::oid'}
           ORDER BY seqrelid LIMIT ${AT_ONCE}) q
     LEFT JOIN LATERAL (
       SELECT quote_ident(n.nspname) AS schema, quote_ident(n.nspname) || '.' || quote_ident(s.relname) AS full,
              ${relationName('n.nspname', 's.relname')} AS sequence,
              ${isUserSchema('n.nspname')} AND s.relpersistence <> 't' AS mine,
              has_sequence_privilege(s.oid, 'SELECT') AS may, has_schema_privilege(n.oid, 'USAGE') AS reach
       FROM pg_class s JOIN pg_namespace n ON n.oid = s.relnamespace WHERE s.oid = q.seqrelid OFFSET 0) c ON true
     LEFT JOIN LATERAL (
       -- Owned by a column, or named in the column's default.
       SELECT filled.name, filled.size
       FROM (SELECT d.refobjid AS relation, d.refobjsubid AS number FROM pg_depend d
             WHERE d.classid = 'pg_class'::regclass AND d.objid = q.seqrelid AND d.refclassid = 'pg_class'::regclass
               AND d.deptype IN ('a', 'i')
             UNION ALL
             SELECT f.adrelid, f.adnum FROM pg_depend d JOIN pg_attrdef f ON f.oid = d.objid
             WHERE d.classid::bigint = 'pg_attrdef'::regclass::oid::bigint AND d.refclassid = 'pg_class'::regclass
               AND d.refobjid = q.seqrelid) fills,
       LATERAL (SELECT ${relationName('tn.nspname', 't.relname')} || '.' || quote_ident(a.attname) AS name,
                       CASE a.atttypid WHEN 21 THEN 2 WHEN 23 THEN 4 WHEN 20 THEN 8 END AS size
                FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
                WHERE a.attrelid = fills.relation AND a.attnum = fills.number OFFSET 0) filled
       ORDER BY filled.size NULLS LAST LIMIT 1) col ON true
     ORDER BY q.seqrelid`,
    ['ids' in which ? which.ids : which.after, locked]
  );
  const isReadable = (row: SqlRow): boolean => row.may === true && row.reach === true;
  const lastValues = await readAll(
    context,
    rows.filter((row) => row.counts === true && isReadable(row) && row.locked !== true),
    givesBack
  );
  return rows.map((row) => ({
    id: Number(row.id),
    counts: row.counts === true,
    row,
    readable: isReadable(row),
    last: lastValues.get(Number(row.id)),
  }));
}

/**
 * Last values by id; null: never used. Read from the sequence itself, under AccessShareLock: `pg_sequence_last_value` would
 * take RowExclusiveLock. One that a lock or a DROP keeps from being read is left out.
 */
async function readAll(
  context: PostgresCheckContext,
  rows: readonly SqlRow[],
  givesBack: boolean
): Promise<ReadonlyMap<number, number | null>> {
  const found = new Map<number, number | null>();
  const read = async (some: readonly SqlRow[]): Promise<boolean> => {
    const select = (row: SqlRow): string =>
      `SELECT ${Number(row.id)} AS id, CASE WHEN is_called THEN last_value END AS last FROM ${String(row.full)}`;
    try {
      if (givesBack) {
        await context.ask('SAVEPOINT sequences', [], { once: true });
      }
      const values = await context.ask(some.map(select).join(' UNION ALL '), [], { once: true });
      if (givesBack) {
        await context.ask('ROLLBACK TO SAVEPOINT sequences', [], { once: true });
      }
      values.forEach((row) => found.set(Number(row.id), row.last === null ? null : Number(row.last)));
      return true;
    } catch (error) {
      if (MEANWHILE.has(describe(error).code)) {
        return false;
      }
      throw error;
    }
  };
  if (rows.length > 0 && !(await read(rows))) {
    for (const row of rows) {
      if (context.left() > LEAVE_MS) {
        await read([row]);
      }
    }
  }
  return found;
}

/** Locked or dropped since the list was made. */
const MEANWHILE = new Set([LOCKED, '42P01', '3F000']);
/** Other checks of the round want to be asked, too. */
const LEAVE_MS = 700;
