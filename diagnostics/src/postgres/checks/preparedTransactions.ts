import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import { fact } from '../../model/fact';
import type { PostgresCheckContext } from '../context';

export const preparedTransactions = defineCheck({
  id: 'postgres.prepared_transactions',
  title: 'Forgotten prepared transactions',
  kind: 'postgres',
  asks: 'pg_prepared_xact: those of this database',
  value: 'longestSeconds',
  fields: {
    count: fact.count('prepared transactions of this database'),
    longestSeconds: fact.seconds('age of the oldest; 0 without any'),
  },
  rows: {
    transactions: {
      gid: fact.text('id'),
      owner: fact.text('role'),
      database: fact.text('database'),
      seconds: fact.seconds('seconds since PREPARE TRANSACTION'),
    },
  },
  mend: "It keeps its locks for ever, through restarts. Ask its transaction manager; then COMMIT PREPARED '<gid>' or ROLLBACK PREPARED '<gid>' as its owner. Without a transaction manager set max_prepared_transactions = 0.",
  privilege: 'CONNECT on the database',
  options: z.strictObject({ warning: limit.warning(60), critical: limit.critical(600) }),
  make: () => async (context: PostgresCheckContext) => {
    const transactions = (await context.shared.preparedTransactions())
      .filter((each) => each.databaseId === context.names.database.id)
      .sort((a, b) => b.seconds - a.seconds)
      .map(({ gid, owner, database, seconds }) => ({ gid, owner, database, seconds }));
    const first = transactions[0];
    return {
      value: first?.seconds ?? 0,
      summary:
        first === undefined
          ? 'none'
          : `${transactions.length}, the oldest ("${first.gid}") for ${first.seconds.toFixed(0)} s`,
      fields: { count: transactions.length, longestSeconds: first?.seconds ?? 0 },
      rows: { transactions: transactions.slice(0, 50) },
    };
  },
});
