import { z } from 'zod';
import { defineCheck } from '../../model/check';
import { fact } from '../../model/fact';
import { sayFailure } from '../../model/failure';
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
  value: fact.count('1 up, 0 down'),
  fields: {
    up: fact.flag('true when it connects; null when this service may not ask the address'),
    class: fact.word(ENDPOINT_CLASSES, 'what happens to a client that connects now'),
    connectMs: fact.ms('ms until connected, name lookup included; null when it was not'),
    address: fact.text('the address that was connected to'),
    message: fact.text('what the system said'),
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
    const { class: failureClass, message, address, connectMs } = reached;
    const { up, ...verdict } = verdictOf(reached);
    const slow = up === true && connectMs !== null && connectMs >= options.slowMs;
    return Promise.resolve({
      ...verdict,
      summary: up ? `connected in ${connectMs ?? 0} ms` : sayFailure(reached),
      fields: { up, class: failureClass, connectMs, address, message },
      ...(slow
        ? { atLeast: 'warning' as const, mend: 'The network is slow, or the accept queue of the server is full.' }
        : {}),
    });
  },
});
