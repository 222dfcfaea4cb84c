/**
 * Relations under AccessExclusiveLock, held or merely queued for. Whatever opens one of them waits, so the checks that
 * would open relations leave these out, name them, and answer for the rest.
 */
import { type ValuesOf, fact } from '../model/fact';
import type { PostgresCheckContext } from './context';

export interface LockedRelation {
  readonly id: number;
  /** Null: held by a prepared transaction. */
  readonly pid: number | null;
  readonly granted: boolean;
}

/** Asked anew at each call: a moment later it may be another. Several requests for one relation: the holder's. */
export async function lockedRelations({ ask, names }: PostgresCheckContext): Promise<readonly LockedRelation[]> {
  const rows = await ask(
    `SELECT DISTINCT ON (relation) relation, pid, granted FROM pg_lock_status()
     WHERE locktype = 'relation' AND mode = 'AccessExclusiveLock' AND database IN (0, $1::oid)
       AND pid IS DISTINCT FROM pg_backend_pid()
     ORDER BY relation, granted DESC`,
    [names.database.id]
  );
  return rows.map((row) => ({
    id: Number(row.relation),
    pid: row.pid === null ? null : Number(row.pid),
    granted: row.granted === true,
  }));
}

/** SQL: the table `c` (alias of pg_class), its TOAST table and its indexes are not among the locked ones in `$n`. */
export const isUnlocked = (c: string, parameter: string): string =>
  `NOT (${c}.oid = ANY (${parameter}::oid[]) OR ${c}.reltoastrelid = ANY (${parameter}::oid[])
        OR EXISTS (SELECT 1 FROM pg_index li WHERE li.indrelid IN (${c}.oid, ${c}.reltoastrelid)
                   AND li.indexrelid = ANY (${parameter}::oid[])))`;

export const LOCKED_COLUMNS = {
  relation: fact.text('relation that is under AccessExclusiveLock, held or queued for'),
  pid: fact.number('process id that holds or wants the lock; null: a prepared transaction'),
  application: fact.text('its application_name'),
  granted: fact.flag('true: held, false: queued for'),
};

/** As rows of a result. */
export async function lockedRows(
  context: PostgresCheckContext,
  locked: readonly LockedRelation[]
): Promise<Array<ValuesOf<typeof LOCKED_COLUMNS>>> {
  if (locked.length === 0) {
    return [];
  }
  const nameOf = await context.names.relationNames(
    context.ask,
    locked.map((each) => each.id)
  );
  const activity = await context.shared.activity();
  return locked.slice(0, 50).map(({ id, pid, granted }) => ({
    relation: nameOf(id),
    pid,
    application: activity.find((each) => each.pid === pid)?.application ?? null,
    granted,
  }));
}
