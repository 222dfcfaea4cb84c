/** Every check of a Postgres target, in the order in which a round asks them: what matters most first. */
import type { Check } from '../../model/check';
import type { PostgresCheckContext } from '../context';
import { amcheck } from './amcheck';
import { archiver } from './archiver';
import { autovacuum } from './autovacuum';
import { availability } from './availability';
import { bloat } from './bloat';
import { blocking } from './blocking';
import { cacheHit } from './cache-hit';
import { checkpoints } from './checkpoints';
import { checksums } from './checksums';
import { connections } from './connections';
import { deadTuples } from './dead-tuples';
import { deadlocks } from './deadlocks';
import { foreignKeys } from './foreign-keys';
import { freezeAge } from './freeze-age';
import { indexUse } from './index-use';
import { migrations } from './migrations';
import { preparedTransactions } from './prepared-transactions';
import { queries } from './queries';
import { replication } from './replication';
import { replicationSlots } from './replication-slots';
import { rowSecurity } from './row-security';
import { sequences } from './sequences';
import { settings } from './settings';
import { sizes } from './sizes';
import { statements } from './statements';
import { statistics } from './statistics';
import { tableUse } from './table-use';
import { temporaryFiles } from './temporary-files';
import { transactions } from './transactions';
import { wal } from './wal';
import { xminHolders } from './xmin-holders';

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
  xminHolders,
  replication,
  replicationSlots,
  archiver,
  wal,
  checksums,
  freezeAge,
  sequences,
  autovacuum,
  checkpoints,
  cacheHit,
  temporaryFiles,
  migrations,
  rowSecurity,
  foreignKeys,
  sizes,
  bloat,
  // Last: what the configuration asks may be slow, and must not take the time of the others.
  queries,
  amcheck,
];

export { availability };

export const postgresChecks = [availability, ...askedChecks];
