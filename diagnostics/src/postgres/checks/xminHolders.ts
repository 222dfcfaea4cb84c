/**
 * Who keeps VACUUM from removing dead rows: the oldest snapshot anybody still needs. Four kinds of holder, and each is
 * ended in another way.
 */
import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import { type ValuesOf, fact } from '../../model/fact';
import { redactSql } from '../../redact/sql';
import type { PostgresCheckContext } from '../context';
import { type Activity, isClient } from '../activity';
import { decodeText, rawText } from '../texts';

const MENDS: Readonly<Record<string, string>> = {
  session: 'End the transaction: SELECT pg_terminate_backend(<pid>); then set idle_in_transaction_session_timeout.',
  replica:
    'A query on the replica holds it through hot_standby_feedback: end that query on the replica (pg_stat_activity there), or bound it with statement_timeout on the replica.',
  slot: "Start its consumer. Only if it will never come back: SELECT pg_drop_replication_slot('<name>'); a replica or subscriber that used it has to be built anew.",
  prepared: "Ask its transaction manager; then COMMIT PREPARED '<name>' or ROLLBACK PREPARED '<name>'.",
};

const KINDS = ['session', 'replica', 'slot', 'prepared'] as const;

const COLUMNS = {
  kind: fact.word(KINDS, 'session, replica (hot_standby_feedback), slot or prepared'),
  name: fact.text('name of the slot or id of the prepared transaction; null for sessions'),
  pid: fact.number('process id; null for prepared transactions and inactive slots'),
  application: fact.text('application_name'),
  user: fact.text('role'),
  transactions: fact.count('age of what it holds, in transactions'),
  catalogOnly: fact.flag('true: holds only rows of the system catalogs (a logical slot)'),
  seconds: fact.seconds('age of its transaction; null where the server does not say'),
  query: fact.text('its present or last statement, without literals'),
};

type Holder = ValuesOf<typeof COLUMNS> & { readonly transactions: number };

export const xminHolders = defineCheck({
  id: 'postgres.xmin_holders',
  title: 'What keeps VACUUM from removing dead rows',
  kind: 'postgres',
  asks: 'backend_xid and backend_xmin of pg_stat_get_activity, xmin and catalog_xmin of pg_get_replication_slots, pg_prepared_xact',
  value: 'oldestTransactions',
  fields: {
    oldestTransactions: fact.count(
      'transactions begun since the oldest snapshot that is still held; 0 when nothing is held'
    ),
    oldestKind: fact.word(KINDS, 'session, replica, slot or prepared; null when nothing is held'),
    holders: fact.count('holders of a snapshot'),
  },
  rows: {
    holders: COLUMNS,
  },
  mend: MENDS.session ?? '',
  privilege: 'GRANT pg_read_all_stats (in pg_monitor)',
  needsStatistics: true,
  options: z.strictObject({ warning: limit.warning(1_000_000), critical: limit.critical(20_000_000) }),
  make: () => async (context: PostgresCheckContext) => {
    const { shared, names } = context;
    const sessions = (await shared.activity()).filter(isHolder(names.database.id)).map((each): Holder => ({
      kind: each.kind === 'walsender' ? 'replica' : 'session',
      name: null,
      pid: each.pid,
      application: each.application,
      user: each.user,
      transactions: Math.max(0, each.heldTransactions ?? 0),
      catalogOnly: false,
      seconds: each.transactionSeconds,
      query: redactSql(each.query),
    }));
    const hasOthers = (await shared.hasAny('slots')) || (await shared.hasAny('prepared'));
    const holders = [...sessions, ...(hasOthers ? await slotsAndPrepared(context) : [])]
      .sort((a, b) => b.transactions - a.transactions)
      .slice(0, 50);
    const first = holders[0];
    return {
      value: first?.transactions ?? 0,
      summary:
        first === undefined
          ? 'nothing holds back VACUUM'
          : `the ${first.kind} ${String(first.name ?? first.pid)}${first.application ? ` (${String(first.application)})` : ''} holds back VACUUM by ${first.transactions} transactions`,
      fields: {
        oldestTransactions: first?.transactions ?? 0,
        oldestKind: first?.kind ?? null,
        holders: holders.length,
      },
      rows: { holders },
      mend: MENDS[first?.kind ?? 'session'] ?? '',
    };
  },
});

/**
 * Sessions of other databases do not hold back this one; VACUUM's own snapshot holds back nobody. Who is logging in has no role yet,
 * and a snapshot for a moment: often it is the probe of this service.
 */
const isHolder =
  (databaseId: number) =>
  (each: Activity): boolean =>
    !each.own &&
    each.heldTransactions !== null &&
    (each.userId ?? 0) !== 0 &&
    (each.databaseId === databaseId || (each.databaseId ?? 0) === 0) &&
    (isClient(each) || each.kind === 'walsender') &&
    !/^\s*vacuum/i.test(each.query);

/** Who holds a snapshot without a session. */
async function slotsAndPrepared({ askRaw, names }: PostgresCheckContext): Promise<readonly Holder[]> {
  const rows = await askRaw(
    `SELECT kind, ${rawText('name')} AS name, pid, "user", held, catalog_only, seconds FROM (
       SELECT 'slot' AS kind, slot_name::text AS name, active_pid AS pid, NULL::oid AS "user", coalesce(age(xmin), age(catalog_xmin)) AS held,
              xmin IS NULL AS catalog_only, NULL::float8 AS seconds
       FROM pg_get_replication_slots() WHERE xmin IS NOT NULL OR catalog_xmin IS NOT NULL
       UNION ALL
       SELECT 'prepared', gid, NULL, ownerid, age(transaction), false, extract(epoch FROM clock_timestamp() - prepared)::float8
       FROM pg_prepared_xact() WHERE dbid = $1::oid) h
     ORDER BY held DESC LIMIT 50`,
    [names.database.id]
  );
  return rows.map((row) => ({
    kind: row.kind === 'slot' ? 'slot' : 'prepared',
    name: decodeText(row.name, names.encoding(names.database.id)),
    pid: row.pid === null ? null : Number(row.pid),
    application: null,
    user: row.user === null ? null : names.role(Number(row.user)),
    transactions: Math.max(0, Number(row.held)),
    catalogOnly: row.catalog_only === true,
    seconds: row.seconds === null ? null : Math.max(0, Math.round(Number(row.seconds) * 1000) / 1000),
    query: null,
  }));
}
