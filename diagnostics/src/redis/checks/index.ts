/** Every check of a Redis target. */
import type { Check } from '../../model/check';
import type { RedisCheckContext } from '../context';
import { availability } from './availability';
import { bigKeys } from './bigKeys';
import { clients } from './clients';
import { cluster } from './cluster';
import { commandlog } from './commandlog';
import { hashes } from './hashes';
import { keysWithoutTtl } from './keysWithoutTtl';
import { latency } from './latency';
import { lists } from './lists';
import { memory } from './memory';
import { persistence } from './persistence';
import { replication } from './replication';
import { slowlog } from './slowlog';

/** Read from the replies of the round; `availability` is found by reaching the server. */
export const askedRedisChecks: ReadonlyArray<Check<RedisCheckContext>> = [
  memory,
  clients,
  persistence,
  slowlog,
  commandlog,
  latency,
  lists,
  hashes,
  replication,
  cluster,
  // Last: they share one look at the key space, which takes the most time.
  bigKeys,
  keysWithoutTtl,
];

export { availability as redisAvailability };

export const redisChecks = [availability, ...askedRedisChecks];
