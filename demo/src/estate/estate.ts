/** What a fault may reach: the servers, the applications, and a superuser's connection. */
import type { PostgresServer, RedisServer } from '../servers';
import type { Deployment } from './deployment';
import type { Ports } from './ports';

export type ApplicationName = 'gorax-api' | 'gorax-worker' | 'sqlstudio-backend';

export interface EstateParts {
  readonly ports: Ports;
  readonly postgres: PostgresServer;
  readonly redis: RedisServer;
  readonly redisUrl: string;
  readonly applications: Readonly<Record<ApplicationName, Deployment>>;
  /** URL of a role on a database of the estate. */
  urlOf(role: 'gorax' | 'reporting' | 'superuser', database: 'gorax' | 'sqlstudio'): string;
}
