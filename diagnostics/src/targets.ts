/** A configured target, as something that rounds are taken of. */
import type { Config } from './config/load';
import type { TargetConfig } from './config/schema';
import { dnsTarget } from './endpoints/dns/target';
import { httpTarget } from './endpoints/http/target';
import { tcpTarget } from './endpoints/tcp/target';
import { tlsTarget } from './endpoints/tls/target';
import type { Target } from './model/round';
import type { PostgresConnectionConfig } from './postgres/connectionConfig';
import { postgresTarget } from './postgres/target';
import { sentinelTarget } from './redis/sentinel/target';
import { kmsTarget } from './queues/kms/target';
import { sqsTarget } from './queues/sqs/target';
import { redisTarget } from './redis/target';

export function targetOf(target: TargetConfig, config: Config): Target {
  switch (target.kind) {
    case 'postgres':
      return postgresTarget(target, {
        statementsWindowSeconds: config.statementsWindowSeconds,
        sessions: sessionsLike(target, config.targets),
        tellSecret: (secret) => config.secrets.add(secret),
      });
    case 'redis':
      return redisTarget(target);
    case 'sentinel':
      return sentinelTarget(target);
    case 'http':
      return httpTarget(target);
    case 'tcp':
      return tcpTarget(target);
    case 'tls':
      return tlsTarget(target);
    case 'dns':
      return dnsTarget(target);
    case 'sqs':
      return sqsTarget(target);
    case 'kms':
      return kmsTarget(target);
  }
}

/** Targets on the same server with the same role: each holds a connection. */
const sessionsLike = ({ host, port, user }: PostgresConnectionConfig, all: readonly TargetConfig[]): number =>
  all.filter((each) => each.kind === 'postgres' && each.host === host && each.port === port && each.user === user)
    .length;
