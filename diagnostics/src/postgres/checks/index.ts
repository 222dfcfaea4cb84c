/** Every check of a Postgres target, in the order in which a round asks them: what matters most first. */
import type { Check } from '../../model/check';
import type { PostgresCheckContext } from '../context';
import { amcheck } from './amcheck';
import { archiver } from './archiver';
import { autovacuum } from './autovacuum';
import { availability } from './availability';
import { bloat } from './bloat';
import { blocking } from './blocking';
import { cacheHit } from './cacheHit';
import { checkpoints } from './checkpoints';
import { checksums } from './checksums';
import { connections } from './connections';
import { deadTuples } from './deadTuples';
import { deadlocks } from './deadlocks';
import { foreignKeys } from './foreignKeys';
import { freezeAge } from './freezeAge';
import { indexUse } from './indexUse';
import { migrations } from './migrations';
import { preparedTransactions } from './preparedTransactions';
import { queries } from './queries';
import { replication } from './replication';
import { replicationSlots } from './replicationSlots';
import { rowSecurity } from './rowSecurity';
import { sequences } from './sequences';
import { settings } from './settings';
import { sizes } from './sizes';
import { statements } from './statements';
import { statistics } from './statistics';
import { tableUse } from './tableUse';
import { temporaryFiles } from './temporaryFiles';
import { transactions } from './transactions';
import { wal } from './wal';
import { xminHolders } from './xminHolders';

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
