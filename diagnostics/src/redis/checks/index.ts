/** Every check of a Redis target. */
import type { Check } from '../../model/check';
import type { RedisCheckContext } from '../context';
import { availability } from './availability';
import { clients } from './clients';
import { latency } from './latency';
import { lists } from './lists';
import { memory } from './memory';
import { persistence } from './persistence';
import { slowlog } from './slowlog';

/** Read from the replies of the round; `availability` is found by reaching the server. */
export const askedRedisChecks: ReadonlyArray<Check<RedisCheckContext>> = [
  memory,
  clients,
  persistence,
  slowlog,
  latency,
  lists,
];

export { availability as redisAvailability };

export const redisChecks = [availability, ...askedRedisChecks];
