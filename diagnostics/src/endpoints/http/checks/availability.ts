import { z } from 'zod';
import { defineCheck } from '../../../model/check';
import { fact } from '../../../model/fact';
import { sayFailure } from '../../../model/failure';
import { verdictOf } from '../../verdict';
import { HTTP_CLASSES, type HttpReached } from '../context';

export const availability = defineCheck({
  id: 'http.availability',
  title: 'The endpoint answers as it should',
  kind: 'http',
  asks: 'one GET of the configured URL; redirects are not followed',
  value: fact.count('1 up, 0 down'),
  fields: {
    up: fact.flag('true when an expected status came; null when this service may not ask the address'),
    class: fact.word(HTTP_CLASSES, 'what happens to a client that connects now'),
    status: fact.number('HTTP status; null when none came'),
    latencyMs: fact.ms('ms until the head of the answer was there, name lookup included; null when it was not'),
    redirect: fact.text('where a redirect points, without its query; null without one'),
    address: fact.text('the address that was connected to'),
    bytes: fact.bytes('size of the body; null when it was not read'),
    message: fact.text('what the server or the system said'),
  },
  rows: {},
  mend: 'See the class.',
  privilege: 'network access to the URL; a token in `headers` of the target when the endpoint wants one',
  below: true,
  options: z.strictObject({ critical: z.number().default(0) }),
  make: () => (reached: HttpReached) => {
    const { class: failureClass, message, status, redirect, address, bytes, times } = reached;
    const { up, ...verdict } = verdictOf(reached);
    const latencyMs = times.firstByteMs;
    return Promise.resolve({
      ...verdict,
      summary: up ? `${message} in ${latencyMs ?? 0} ms` : sayFailure(reached),
      fields: { up, class: failureClass, status, latencyMs, redirect, address, bytes, message },
    });
  },
});
