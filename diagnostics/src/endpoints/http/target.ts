import type { Target } from '../../model/round';
import { checkedTarget } from '../../rounds/checkedTarget';
import { mendEndpoint } from '../classify';
import { askedHttpChecks, httpAvailability } from './checks';
import type { HttpTargetConfig } from './config';
import { probeHttp } from './probe';

/** A URL that is asked with GET, and nothing else. */
export function httpTarget(config: HttpTargetConfig): Target {
  return checkedTarget({
    kind: 'http',
    id: config.id,
    title: config.title,
    settings: config.checks,
    availability: httpAvailability,
    asked: askedHttpChecks,
    reach: (deadline, { now }) => probeHttp(config, deadline, now),
    broken: (message) => ({
      class: 'unknown' as const,
      message,
      status: null,
      redirect: null,
      address: null,
      bytes: null,
      times: { dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null, totalMs: 0 },
    }),
    mend: ({ class: failureClass }) => mendEndpoint(failureClass),
  });
}
