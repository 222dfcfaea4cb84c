/** For whoever runs the service inside another process: the demo estate and tests. */
export { loadConfig, parseConfig, type Config } from './config/load';
export { ConfigError } from './config/problems';
export { startService, type Service } from './service';
