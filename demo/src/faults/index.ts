/** The faults of the estate, in the order in which they are listed. */
import type { EstateParts } from '../estate/estate';
import { badDeploy } from './bad-deploy';
import { connectionLeak } from './connection-leak';
import type { Fault } from './fault';
import { idleInTransaction } from './idle-in-transaction';
import { maxConnections } from './max-connections';
import { missingIndex } from './missing-index';
import { postgresStopped } from './postgres-stopped';
import { queuedDdl } from './queued-ddl';
import { redisGone } from './redis-gone';
import { redisOom } from './redis-oom';
import { workersStopped } from './workers-stopped';

export type { Fault } from './fault';

export const faultsOf = (estate: EstateParts): readonly Fault[] =>
  [
    idleInTransaction,
    queuedDdl,
    connectionLeak,
    maxConnections,
    missingIndex,
    redisOom,
    redisGone,
    workersStopped,
    badDeploy,
    postgresStopped,
  ].map((make) => make(estate));
