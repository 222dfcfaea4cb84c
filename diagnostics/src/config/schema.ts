/** The configuration file: its one definition. What a check may be told comes from the check's own `options`. */
import { z } from 'zod';
import { postgresChecks } from '../postgres/checks';
import { dnsTargetSchema } from '../endpoints/dns/target';
import { httpTargetSchema } from '../endpoints/http/config';
import { tcpTargetSchema } from '../endpoints/tcp/target';
import { tlsTargetSchema } from '../endpoints/tls/target';
import { kmsTargetSchema } from '../queues/kms/target';
import { sqsTargetSchema } from '../queues/sqs/target';
import { redisChecks } from '../redis/checks';
import { sentinelTargetSchema } from '../redis/sentinel/target';
import { checkSettings, common, host, number, port, text } from './parts';

const postgresTarget = z.strictObject({
  kind: z.literal('postgres'),
  ...common,
  /** `postgres://user@host:5432/database`, in place of host, port, database, user and password; it is taken apart at once. */
  url: text.optional(),
  /** A name, an address, or the directory of a Unix socket. */
  host: host.default('127.0.0.1'),
  port: port.default(5432),
  database: text,
  user: text,
  password: text.optional(),
  passwordFile: text.optional(),
  checks: checkSettings(postgresChecks),
});

const fieldName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'a field name of letters, digits and "_"')
  .refine((name) => name !== '__proto__', 'another name');

const redisTarget = z.strictObject({
  kind: z.literal('redis'),
  ...common,
  host: host.default('127.0.0.1'),
  port: port.default(6379),
  database: number(z.number().int().min(0).max(65_535)).default(0),
  username: text.optional(),
  password: text.optional(),
  passwordFile: text.optional(),
  lists: z
    .array(
      z.strictObject({
        name: fieldName,
        key: text,
        /** Where the key is, when not in `database` of the target. */
        database: number(z.number().int().min(0).max(65_535)).optional(),
        warning: number(z.number()).optional(),
        critical: number(z.number()).optional(),
      })
    )
    .max(50)
    .default([]),
  /** Hashes of counters, read whole: the user needs HGETALL for these keys. Thresholds are those of one field. */
  hashes: z
    .array(
      z.strictObject({
        name: fieldName,
        key: text,
        /** Where the key is, when not in `database` of the target. */
        database: number(z.number().int().min(0).max(65_535)).optional(),
        warning: number(z.number()).optional(),
        critical: number(z.number()).optional(),
      })
    )
    .max(20)
    .default([]),
  /** Prefixes of keys that should expire. */
  expiring: z.array(text.max(200)).max(20).default([]),
  checks: checkSettings(redisChecks),
});

const milliseconds = number(z.number().int().min(500).max(60_000));

export const configSchema = z.strictObject({
  listen: z
    .strictObject({ host: host.default('127.0.0.1'), port: number(z.number().int().min(0).max(65_535)).default(9464) })
    .prefault({}),
  /** Bearer token, at least 16 characters: `token: ${DIAGNOSTICS_TOKEN}`, or a file. */
  token: z.string().max(4096).optional(),
  tokenFile: text.optional(),
  /** Incidents are written only for somebody whom Grafana names; without Grafana in between, nobody is named. */
  requireIdentity: z.boolean().default(true),
  /** A round younger than this is shared by everybody who asks. */
  intervalMs: milliseconds.default(2000),
  /** Rounds are taken at least this often even when nobody asks, so that rates and `since` are known; 0 turns it off. */
  backgroundSeconds: number(z.number().min(0).max(3600)).default(10),
  /** Window of postgres.statements and postgres.table_use. */
  statementsWindowSeconds: number(z.number().int().min(10).max(3600)).default(60),
  log: z
    .strictObject({ level: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info') })
    .prefault({}),
  state: z
    .strictObject({
      /** Where the flight recorder and the incidents are kept; nothing is kept when left out. */
      directory: text.optional(),
      /** Rounds are kept this long, thinned with age. */
      keepHours: number(z.number().min(1).max(720)).default(24),
      /** Bound of the recorder's file: older rounds go first. */
      recorderMegabytes: number(z.number().min(1).max(100_000)).default(256),
      /** Bound of the file with the evidence of alerts: the oldest goes first. */
      evidenceMegabytes: number(z.number().min(8).max(100_000)).default(64),
      /** Bound of the incidents' file: nothing is dropped, writing is refused. */
      incidentsMegabytes: number(z.number().min(1).max(100_000)).default(256),
    })
    .prefault({}),
  packs: z
    .strictObject({
      /** A directory with packs of your own, in YAML. */
      directory: text.optional(),
    })
    .prefault({}),
  targets: z
    .array(
      z.discriminatedUnion('kind', [
        postgresTarget,
        redisTarget,
        sentinelTargetSchema,
        httpTargetSchema,
        tcpTargetSchema,
        tlsTargetSchema,
        dnsTargetSchema,
        sqsTargetSchema,
        kmsTargetSchema,
      ])
    )
    .min(1)
    .max(200),
});

export type ConfigFile = z.infer<typeof configSchema>;
export type PostgresTargetConfig = z.infer<typeof postgresTarget>;
export type RedisTargetConfig = z.infer<typeof redisTarget>;
export type TargetConfig = ConfigFile['targets'][number];
