import type { FaultMaker } from './fault';

/** Redis is stopped. */
export const redisGone: FaultMaker = (estate) => ({
  name: 'redis-gone',
  title: 'Redis is stopped',
  watch: 'Connections to Redis are refused: no execution can be queued, no session read, every cache lookup misses.',
  expect: { pack: 'gorax', runbook: 'redis-failures', cause: 'redis-down' },
  active: () => !estate.redis.running(),
  inject: () => estate.redis.stop(),
  clear: () => estate.redis.start(),
});
