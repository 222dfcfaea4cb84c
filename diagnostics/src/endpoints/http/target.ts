import type { Target } from '../../model/round';
import { probedTarget } from '../../rounds/probed';
import { mendEndpoint } from '../classify';
import { askedHttpChecks, httpAvailability } from './checks';
import type { HttpTargetConfig } from './config';
import { probeHttp } from './probe';

/** A URL that is asked with GET, and nothing else. */
export function httpTarget(config: HttpTargetConfig): Target {
  return probedTarget({
    kind: 'http',
    id: config.id,
    title: config.title,
    settings: config.checks,
    availability: httpAvailability,
    asked: askedHttpChecks,
    probe: (deadline, now) => probeHttp(config, deadline, now),
    broken: (message) => ({
      class: 'unknown',
      message,
      status: null,
      redirect: null,
      address: null,
      bytes: null,
      times: { dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null, totalMs: 0 },
    }),
    mend: mendEndpoint,
  });
}
