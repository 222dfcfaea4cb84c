/** The schema of the configuration file. The options of a check are declared by the check. */
import { z } from 'zod';
import { dnsTargetSchema } from '../endpoints/dns/config';
import { httpTargetSchema } from '../endpoints/http/config';
import { tcpTargetSchema } from '../endpoints/tcp/config';
import { tlsTargetSchema } from '../endpoints/tls/config';
import { postgresTargetSchema } from '../postgres/config';
import { kmsTargetSchema } from '../queues/kms/config';
import { sqsTargetSchema } from '../queues/sqs/config';
import { redisTargetSchema } from '../redis/config';
import { sentinelTargetSchema } from '../redis/sentinel/config';
import { host, number, text } from './parts';

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
  /**
   * Rounds are taken at least this often even when nobody asks, so that rates and `since` are known; 0 turns it off. By
   * default as often as Prometheus scrapes; above two minutes rates are known only while somebody asks.
   */
  backgroundSeconds: number(z.number().min(0).max(3600)).default(60),
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
      /** A directory with packs of your own, in YAML. They rest on the kinds of the service, or on those in its folder `kinds`. */
      directory: text.optional(),
    })
    .prefault({}),
  targets: z
    .array(
      z.discriminatedUnion('kind', [
        postgresTargetSchema,
        redisTargetSchema,
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
export type TargetConfig = ConfigFile['targets'][number];
