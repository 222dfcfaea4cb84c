/** For programs that run the service inside their own process: the demo estate and tests. */
export { loadConfig, parseConfig, type Config } from './config/load';
export { ConfigError } from './config/problems';
export { startService, type Service } from './service';
