/** Every check that this service knows, by the kind of target that it is asked of. */
import type { Check, CheckDescription, TargetKind } from './model/check';
import { dnsAvailability } from './endpoints/dns/check';
import { httpChecks } from './endpoints/http/checks';
import { tcpAvailability } from './endpoints/tcp/check';
import { tlsChecks } from './endpoints/tls/checks';
import { postgresChecks } from './postgres/checks';
import { kmsChecks } from './queues/kms/checks';
import { sqsChecks } from './queues/sqs/checks';
import { redisChecks } from './redis/checks';
import { sentinelChecks } from './redis/sentinel/checks';

type Described = CheckDescription & Pick<Check<never>, 'options'>;

export const checksOf: Readonly<Record<TargetKind, readonly Described[]>> = {
  postgres: postgresChecks,
  redis: redisChecks,
  sentinel: sentinelChecks,
  http: httpChecks,
  tcp: [tcpAvailability],
  tls: tlsChecks,
  dns: [dnsAvailability],
  sqs: sqsChecks,
  kms: kmsChecks,
};

export const allChecks: readonly Described[] = Object.values(checksOf).flat();
