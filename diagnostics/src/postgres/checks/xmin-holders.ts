/**
 * Who keeps VACUUM from removing dead rows: the oldest snapshot anybody still needs. Four kinds of holder, and each is
 * ended in another way.
 */
import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import { redactSql } from '../../redact/sql';
import type { PostgresCheckContext } from '../context';
import { scalar } from '../facts';
import { decodeText, rawText } from '../texts';

const MENDS: Readonly<Record<string, string>> = {
  session: 'End the transaction: SELECT pg_terminate_backend(<pid>); then set idle_in_transaction_session_timeout.',
  replica:
    'A query on the replica holds it through hot_standby_feedback: end that query on the replica (pg_stat_activity there), or bound it with statement_timeout on the replica.',
  slot: "Start its consumer. Only if it will never come back: SELECT pg_drop_replication_slot('<name>'); a replica or subscriber that used it has to be built anew.",
  prepared: "Ask its transaction manager; then COMMIT PREPARED '<name>' or ROLLBACK PREPARED '<name>'.",
};

export const xminHolders = defineCheck({
  id: 'postgres.xmin_holders',
  title: 'What keeps VACUUM from removing dead rows',
  kind: 'postgres',
  asks: 'backend_xid and backend_xmin of pg_stat_get_activity, xmin and catalog_xmin of pg_get_replication_slots, pg_prepared_xact',
  unit: 'short',
  fields: {
    oldestTransactions: 'transactions begun since the oldest snapshot that is still held; 0 when nothing is held',
    oldestKind: 'session, replica, slot or prepared; null when nothing is held',
    holders: 'holders of a snapshot',
  },
  rows: {
    holders: {
      kind: 'session, replica (hot_standby_feedback), slot or prepared',
      name: 'name of the slot or id of the prepared transaction; null for sessions',
      pid: 'process id; null for prepared transactions and inactive slots',
      application: 'application_name',
      user: 'role',
      transactions: 'age of what it holds, in transactions',
      catalogOnly: 'true: holds only rows of the system catalogs (a logical slot)',
      seconds: 'age of its transaction; null where the server does not say',
      query: 'its present or last statement, without literals',
    },
  },
  mend: MENDS.session ?? '',
  privilege: 'GRANT pg_read_all_stats (in pg_monitor)',
  options: z.strictObject({ warning: limit.warning(1_000_000), critical: limit.critical(20_000_000) }),
  make: () => async (context: PostgresCheckContext) => {
    // Holders whose sessions are hidden from this role would be missing.
    await context.facts.activity();
    const rows = await context.askRaw(
      `SELECT kind, ${rawText('name')} AS name, pid, application, "user", held, catalog_only, seconds, ${rawText('query')} AS query FROM (
         SELECT CASE WHEN backend_type = 'walsender' THEN 'replica' ELSE 'session' END AS kind, NULL::text AS name, pid,
                application_name AS application, usesysid AS "user", greatest(age(backend_xid), age(backend_xmin)) AS held,
                false AS catalog_only, extract(epoch FROM clock_timestamp() - xact_start)::float8 AS seconds, query
         FROM pg_stat_get_activity(NULL)
         WHERE pid <> pg_backend_pid() AND (backend_xid IS NOT NULL OR backend_xmin IS NOT NULL)
           -- Sessions of other databases do not hold back this one; VACUUM's own snapshot holds back nobody.
           AND (datid = $1::oid OR coalesce(datid, 0) = 0) AND backend_type IN ('client backend', 'walsender')
           AND query !~* '^\\s*vacuum'
         UNION ALL
         SELECT 'slot', slot_name, active_pid, NULL, NULL, coalesce(age(xmin), age(catalog_xmin)), xmin IS NULL, NULL, NULL
         FROM pg_get_replication_slots() WHERE xmin IS NOT NULL OR catalog_xmin IS NOT NULL
         UNION ALL
         SELECT 'prepared', gid, NULL, NULL, ownerid, age(transaction), false,
                extract(epoch FROM clock_timestamp() - prepared)::float8, NULL
         FROM pg_prepared_xact() WHERE dbid = $1::oid) h
       ORDER BY held DESC LIMIT 50`,
      [context.names.database.id]
    );
    const holders = rows.map((row) => ({
      kind: String(row.kind),
      name: row.name === null ? null : decodeText(row.name, context.names.encoding(context.names.database.id)),
      pid: scalar(row.pid),
      application: scalar(row.application),
      user: row.user === null ? null : context.names.role(Number(row.user)),
      transactions: Math.max(0, Number(row.held)),
      catalogOnly: row.catalog_only === true,
      seconds: row.seconds === null ? null : Math.max(0, Math.round(Number(row.seconds) * 1000) / 1000),
      query:
        row.query === null ? null : redactSql(decodeText(row.query, context.names.encoding(context.names.database.id))),
    }));
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
