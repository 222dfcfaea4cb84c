import { z } from 'zod';
import { defineCheck } from '../../model/check';
import { ENDPOINT_CLASSES, mendEndpoint } from '../classify';

export interface TcpReached {
  readonly class: string;
  readonly message: string;
  readonly address: string | null;
  readonly connectMs: number | null;
}

export const tcpAvailability = defineCheck({
  id: 'tcp.availability',
  title: 'The port takes connections',
  kind: 'tcp',
  asks: 'one TCP connection, closed at once; nothing is sent',
  unit: 'short',
  fields: {
    up: 'true when it connects',
    class: `what a client meets now: ${ENDPOINT_CLASSES.join(', ')}`,
    connectMs: 'ms until connected, name lookup included; null when it was not',
    address: 'the address that was connected to',
    message: 'what the system said',
  },
  rows: {},
  mend: 'See the class.',
  privilege: 'network access to the port',
  below: true,
  options: z.strictObject({
    critical: z.number().default(0),
    /** A connection that takes longer is a warning. ms. */
    slowMs: z.number().min(1).default(500),
  }),
  make: (options) => (reached: TcpReached) => {
    const { class: is, message, address, connectMs } = reached;
    const up = is === 'ok';
    const slow = up && connectMs !== null && connectMs >= options.slowMs;
    return Promise.resolve({
      value: up ? 1 : 0,
      summary: up ? `connected in ${connectMs ?? 0} ms` : `${is}: ${message}`,
      fields: { up, class: is, connectMs, address, message },
      ...(up ? (slow ? { atLeast: 'warning' as const } : {}) : { atLeast: 'critical' as const }),
      mend: slow ? 'The network is slow, or the accept queue of the server is full.' : mendEndpoint(is),
    });
  },
});
