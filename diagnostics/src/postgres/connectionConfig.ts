/** The keys of a target that say where its database is and who asks it. */
import { z } from 'zod';
import { common, host, port, text } from '../config/parts';

export const postgresConnection = z.strictObject({
  /** A name, an address, or the directory of a Unix socket. */
  host: host.default('127.0.0.1'),
  port: port.default(5432),
  database: text,
  user: text,
  password: text.optional(),
  passwordFile: text.optional(),
  tls: common.tls,
});

export type PostgresConnectionConfig = z.infer<typeof postgresConnection>;
