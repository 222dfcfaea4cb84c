import { z } from 'zod';
import { Unanswered, defineCheck, limit } from '../../../model/check';
import { round3 } from '../../../model/clock';
import { fact } from '../../../model/fact';
import type { HttpCheckContext } from '../context';

export const latency = defineCheck({
  id: 'http.latency',
  title: 'How long the endpoint takes',
  kind: 'http',
  asks: 'the times of the GET: name, connection, TLS, first byte, end',
  value: 'totalMs',
  timed: true,
  fields: {
    totalMs: fact.ms('ms until the whole answer was there'),
    dnsMs: fact.ms('ms for the name'),
    connectMs: fact.ms('ms for the connection'),
    tlsMs: fact.ms('ms for the TLS handshake; null without TLS'),
    serverMs: fact.ms('ms from the connection to the head of the answer: the time of the server'),
    bodyMs: fact.ms('ms from the head of the answer to its end'),
  },
  rows: {},
  mend: 'serverMs: the service itself is slow (its database, locks, CPU). dnsMs: the resolver. connectMs: the network, or a full accept queue. bodyMs: a large or slowly made body.',
  privilege: 'network access to the URL',
  options: z.strictObject({ warning: limit.warning(500), critical: limit.critical(1200) }),
  make:
    () =>
    ({ times }: HttpCheckContext) => {
      const { dnsMs, connectMs, tlsMs, firstByteMs, totalMs } = times;
      if (dnsMs === null || connectMs === null || firstByteMs === null) {
        throw new Unanswered('query-error', 'the times of the answer are not known', 'Ask again.');
      }
      const parts = {
        dnsMs,
        connectMs: round3(connectMs - dnsMs),
        tlsMs: tlsMs === null ? null : round3(tlsMs - connectMs),
        serverMs: round3(firstByteMs - (tlsMs ?? connectMs)),
        bodyMs: round3(totalMs - firstByteMs),
      };
      const [longest = ''] = Object.entries(parts)
        .sort(([, a], [, b]) => (b ?? 0) - (a ?? 0))
        .map(([name]) => name);
      return Promise.resolve({
        value: totalMs,
        summary: `${totalMs} ms, most of it ${WORDS[longest] ?? longest}`,
        fields: { totalMs, ...parts },
      });
    },
});

const WORDS: Readonly<Record<string, string>> = {
  dnsMs: 'looking up the name',
  connectMs: 'connecting',
  tlsMs: 'in the TLS handshake',
  serverMs: 'in the server',
  bodyMs: 'reading the body',
};
