/** Starters of real servers on loopback, shared by the demo estate and by the tests of other rooms. */
export { freePort } from './ports';
export { startProcess, type ProcessOptions, type RunningProcess } from './process';
export { startPostgres, type PostgresOptions, type PostgresServer, type StopMode } from './postgres';
export { startRedis, type RedisOptions, type RedisServer } from './redis';
