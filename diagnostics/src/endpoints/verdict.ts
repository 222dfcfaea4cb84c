/** What the availability check of an endpoint makes of a probe: an address that this service itself may not ask is no outage. */
import type { Finding } from '../model/check';
import { type EndpointFailure, mendEndpoint } from './classify';

interface Verdict extends Pick<Finding, 'value' | 'atLeast' | 'unknown' | 'mend'> {
  /** Null: it was not asked. */
  readonly up: boolean | null;
}

export function verdictOf({
  class: failureClass,
  mend = mendEndpoint(failureClass),
}: EndpointFailure<string>): Verdict {
  switch (failureClass) {
    case 'ok':
      return { up: true, value: 1, mend };
    case 'blocked':
      return { up: null, value: null, unknown: { reason: 'not-configured', mend } };
    default:
      return { up: false, value: 0, atLeast: 'critical', mend };
  }
}
