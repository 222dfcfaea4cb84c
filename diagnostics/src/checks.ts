/** Every check that this service knows, by the kind of target that it is asked of. */
import type { Check, CheckDescription, TargetKind } from './model/check';
import { postgresChecks } from './postgres/checks';
import { redisChecks } from './redis/checks';

type Described = CheckDescription & Pick<Check<never>, 'options'>;

export const checksOf: Readonly<Record<TargetKind, readonly Described[]>> = {
  postgres: postgresChecks,
  redis: redisChecks,
  sentinel: [],
  http: [],
  tcp: [],
  tls: [],
  dns: [],
  sqs: [],
  kms: [],
};

export const allChecks: readonly Described[] = Object.values(checksOf).flat();
