import { z } from 'zod';
import { defineCheck } from '../../../model/check';
import { ENDPOINT_CLASSES } from '../../classify';
import { verdictOf } from '../../verdict';
import type { HttpReached } from '../context';

export const availability = defineCheck({
  id: 'http.availability',
  title: 'The endpoint answers as it should',
  kind: 'http',
  asks: 'one GET of the configured URL; redirects are not followed',
  unit: 'short',
  words: { class: [...ENDPOINT_CLASSES, 'status', 'redirect'] },
  fields: {
    up: 'true when an expected status came; null when this service may not ask the address',
    class: `what a client meets now: ${[...ENDPOINT_CLASSES, 'status', 'redirect'].join(', ')}`,
    status: 'HTTP status; null when none came',
    latencyMs: 'ms until the head of the answer was there, name lookup included; null when it was not',
    redirect: 'where a redirect points, without its query; null without one',
    address: 'the address that was connected to',
    bytes: 'size of the body; null when it was not read',
    message: 'what the server or the system said',
  },
  rows: {},
  mend: 'See the class.',
  privilege: 'network access to the URL; a token in `headers` of the target when the endpoint wants one',
  below: true,
  options: z.strictObject({ critical: z.number().default(0) }),
  make: () => (reached: HttpReached) => {
    const { class: is, message, status, redirect, address, bytes, times } = reached;
    const { up, ...verdict } = verdictOf(reached);
    const latencyMs = times.firstByteMs;
    return Promise.resolve({
      ...verdict,
      summary: up ? `${message} in ${latencyMs ?? 0} ms` : `${is}: ${message}`,
      fields: { up, class: is, status, latencyMs, redirect, address, bytes, message },
    });
  },
});
