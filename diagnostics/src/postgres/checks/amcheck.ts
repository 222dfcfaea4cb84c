/**
 * Whether B-tree indexes are sound. On demand, because it reads every page of an index: the smallest first, as many as fit into the
 * time of one answer; the others are named, with the command that checks them without the service.
 */
import { z } from 'zod';
import { Unanswered, defineCheck, limit } from '../../model/check';
import { fact } from '../../model/fact';
import { describe } from '../../model/thrown';
import type { PostgresCheckContext } from '../context';
import { LOCKED_COLUMNS, lockedRelations, lockedRows } from '../locked';
import { isUserSchema, quoteName, relationName } from '../relationName';
import { SessionLost } from '../session';
import { LOCKED, TOO_SLOW } from '../sqlstate';

/** One statement may take 400 ms, and the answer has to get away. */
const LEAVE_MS = 500;

export const amcheck = defineCheck({
  id: 'postgres.amcheck',
  title: 'Damaged indexes (on demand)',
  kind: 'postgres',
  asks: 'bt_index_check of the B-tree indexes of unlocked tables, smallest first; it takes AccessShareLock. Never bt_index_parent_check, which blocks writers',
  value: 'damaged',
  fields: {
    damaged: fact.count('indexes that are damaged'),
    checked: fact.count('indexes that were checked'),
    notChecked: fact.count('indexes that were not: locked, too large, or out of time'),
    checkedBytes: fact.bytes('size of those that were checked'),
  },
  rows: {
    damaged: { index: fact.text('index'), table: fact.text('table'), message: fact.text('what is wrong') },
    notChecked: {
      index: fact.text('index'),
      table: fact.text('table'),
      sizeBytes: fact.bytes('size by pg_class.relpages'),
      why: fact.text('why'),
    },
    locked: LOCKED_COLUMNS,
  },
  mend: 'REINDEX INDEX CONCURRENTLY <index>; a unique index may then fail on duplicates that it let in: find and mend these rows first. Then find the cause: a changed collation (glibc upgrade), a disk, a bug.',
  privilege:
    'CREATE EXTENSION amcheck; GRANT EXECUTE ON FUNCTION bt_index_check(regclass) TO live_runbooks (it lets this role read no data)',
  onDemand: true,
  options: z.strictObject({
    warning: limit.none(),
    critical: limit.critical(1),
    /** Only these, as `schema.index`; all when left out. */
    indexes: z.array(z.string().min(1)).max(200).optional(),
  }),
  make: (options) => async (context: PostgresCheckContext) => {
    const schema = await functionSchema(context);
    const locked = await lockedRelations(context);
    const ids = locked.map((each) => each.id);
    const rows = await context.ask(
      `SELECT c.oid AS id, ${relationName('n.nspname', 'c.relname')} AS index, ${relationName('tn.nspname', 't.relname')} AS table,
              quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS full,
              c.relpages::bigint * current_setting('block_size')::int AS size,
              c.oid = ANY ($1::oid[]) OR t.oid = ANY ($1::oid[]) AS locked
       FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
       JOIN pg_am a ON a.oid = c.relam
       WHERE a.amname = 'btree' AND c.relkind = 'i' AND i.indisvalid AND i.indisready AND c.relpersistence = 'p'
         AND ${isUserSchema('n.nspname')}
       ORDER BY c.relpages, c.oid`,
      [ids]
    );
    const wanted = options.indexes;
    const candidates = rows.filter(
      (row) => wanted === undefined || wanted.includes(String(row.full)) || wanted.includes(String(row.index))
    );
    const damaged: Array<{ index: string; table: string; message: string }> = [];
    const notChecked: Array<{ index: string; table: string; sizeBytes: number; why: string }> = [];
    let checked = 0;
    let checkedBytes = 0;
    for (const row of candidates) {
      const [index, table, sizeBytes] = [String(row.index), String(row.table), Number(row.size)];
      const why =
        row.locked === true
          ? 'locked'
          : context.left() < LEAVE_MS
            ? 'no time left'
            : await checkOne(context, schema, Number(row.id));
      if (why === undefined || typeof why === 'object') {
        checked += 1;
        checkedBytes += sizeBytes;
        if (why !== undefined) {
          damaged.push({ index, table, message: why.damage });
        }
      } else {
        notChecked.push({ index, table, sizeBytes, why });
      }
    }
    const missing = (wanted ?? []).filter((name) => !rows.some((row) => row.full === name || row.index === name));
    notChecked.push(
      ...missing.map((index) => ({ index, table: '', sizeBytes: 0, why: 'there is no such valid B-tree index' }))
    );
    const first = damaged[0];
    return {
      value: damaged.length,
      summary:
        (first === undefined
          ? 'no damage found'
          : `${damaged.length} damaged: ${first.index} of ${first.table}: ${first.message}`) +
        `; ${checked} of ${checked + notChecked.length} indexes were checked`,
      fields: { damaged: damaged.length, checked, notChecked: notChecked.length, checkedBytes },
      rows: { damaged, notChecked: notChecked.slice(0, 100), locked: await lockedRows(context, locked) },
      ...(first === undefined && notChecked.length > 0
        ? {
            unknown: {
              reason: 'timeout' as const,
              mend: `Without the service, as an administrator: pg_amcheck --database=${context.names.database.name}${notChecked
                .slice(0, 5)
                .map((each) => ` --index='${each.index}'`)
                .join('')}`,
            },
          }
        : {}),
    };
  },
});

async function functionSchema(context: PostgresCheckContext): Promise<string> {
  const user = quoteName(context.names.user);
  const [found] = await context.ask(
    `SELECT quote_ident(n.nspname) AS schema, has_function_privilege(p.oid, 'EXECUTE') AS may,
            has_schema_privilege(n.oid, 'USAGE') AS reach
     FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE p.proname = 'bt_index_check' AND p.pronargs = 1`
  );
  if (found === undefined) {
    throw new Unanswered(
      'not-configured',
      'amcheck is not created in this database',
      `CREATE EXTENSION amcheck; GRANT EXECUTE ON FUNCTION bt_index_check(regclass) TO ${user};`
    );
  }
  const schema = String(found.schema);
  if (found.may !== true || found.reach !== true) {
    throw new Unanswered(
      'no-permission',
      'this role may not call bt_index_check',
      `${found.reach === true ? '' : `GRANT USAGE ON SCHEMA ${schema} TO ${user}; `}GRANT EXECUTE ON FUNCTION ${schema}.bt_index_check(regclass) TO ${user};`
    );
  }
  return schema;
}

/** Undefined: sound. A text: why it could not be checked. */
async function checkOne(
  { ask }: PostgresCheckContext,
  schema: string,
  id: number
): Promise<undefined | string | { readonly damage: string }> {
  try {
    await ask(`SELECT ${schema}.bt_index_check($1::oid::regclass)`, [id]);
    return undefined;
  } catch (error) {
    const { code, message } = describe(error);
    if (error instanceof SessionLost) {
      throw error;
    }
    switch (code) {
      case 'XX000':
      case 'XX001':
      case 'XX002':
      case '58P01':
        return { damage: message };
      case TOO_SLOW:
        return 'too large to be checked within a statement of 400 ms';
      case LOCKED:
        return 'locked meanwhile';
      case '42P01':
      case '42704':
        return 'dropped meanwhile';
      default:
        return message;
    }
  }
}
