import { z } from 'zod';
import { checkSettings, common, text } from '../config/parts';
import { postgresChecks } from './checks';
import { postgresConnection } from './connectionConfig';

export const postgresTargetSchema = z.strictObject({
  kind: z.literal('postgres'),
  ...common,
  /** `postgres://user@host:5432/database`, in place of host, port, database, user and password; it is taken apart at once. */
  url: text.optional(),
  ...postgresConnection.shape,
  checks: checkSettings(postgresChecks),
});

export type PostgresTargetConfig = z.infer<typeof postgresTargetSchema>;
