import type { Target } from '../../model/round';
import { checkedTarget } from '../../rounds/checkedTarget';
import { mendEndpoint } from '../classify';
import { tlsAvailability, tlsCertificate } from './checks';
import type { TlsTargetConfig } from './config';
import { probeTls } from './probe';

/** A certificate that is looked at before it expires. */
export function tlsTarget(config: TlsTargetConfig): Target {
  return checkedTarget({
    kind: 'tls',
    id: config.id,
    title: config.title,
    settings: config.checks,
    availability: tlsAvailability,
    asked: [tlsCertificate],
    reach: (deadline, { now }) => probeTls(config, deadline, now),
    broken: (message) => ({ class: 'unknown' as const, message, address: null, handshakeMs: null, protocol: null }),
    mend: ({ class: failureClass }) => mendEndpoint(failureClass),
  });
}
