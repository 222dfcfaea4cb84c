/** Every check of a Postgres target, in the order in which a round asks them: what matters most first. */
import type { Check } from '../../model/check';
import type { PostgresCheckContext } from '../context';
import { availability } from './availability';
import { blocking } from './blocking';
import { connections } from './connections';
import { deadTuples } from './dead-tuples';
import { deadlocks } from './deadlocks';
import { indexUse } from './index-use';
import { preparedTransactions } from './prepared-transactions';
import { settings } from './settings';
import { statements } from './statements';
import { statistics } from './statistics';
import { tableUse } from './table-use';
import { transactions } from './transactions';

/** Asked on the held session; `availability` is found by reaching the server. */
export const askedChecks: ReadonlyArray<Check<PostgresCheckContext>> = [
  connections,
  blocking,
  transactions,
  statements,
  deadlocks,
  preparedTransactions,
  settings,
  tableUse,
  deadTuples,
  statistics,
  indexUse,
];

export { availability };

export const postgresChecks = [availability, ...askedChecks];
