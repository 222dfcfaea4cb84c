import { z } from 'zod';
import { defineCheck } from '../../model/check';
import { ENDPOINT_CLASSES, type EndpointFailure } from '../classify';
import { verdictOf } from '../verdict';

export interface TcpReached extends EndpointFailure {
  readonly address: string | null;
  readonly connectMs: number | null;
}

export const tcpAvailability = defineCheck({
  id: 'tcp.availability',
  title: 'The port takes connections',
  kind: 'tcp',
  asks: 'one TCP connection, closed at once; nothing is sent',
  unit: 'short',
  words: { class: ENDPOINT_CLASSES },
  fields: {
    up: 'true when it connects; null when this service may not ask the address',
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
    const { up, ...verdict } = verdictOf(reached);
    const slow = up === true && connectMs !== null && connectMs >= options.slowMs;
    return Promise.resolve({
      ...verdict,
      summary: up ? `connected in ${connectMs ?? 0} ms` : `${is}: ${message}`,
      fields: { up, class: is, connectMs, address, message },
      ...(slow
        ? { atLeast: 'warning' as const, mend: 'The network is slow, or the accept queue of the server is full.' }
        : {}),
    });
  },
});
