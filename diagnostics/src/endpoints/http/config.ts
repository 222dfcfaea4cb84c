import { z } from 'zod';
import { checkSettings, common, number, text } from '../../config/parts';
import { stepsOf } from '../jsonPath';
import { networkKeys } from '../network';
import { httpChecks } from './checks';

const url = z
  .string()
  .max(2000)
  .refine((given) => {
    const parsed = URL.canParse(given) ? new URL(given) : undefined;
    return (
      parsed !== undefined && /^https?:$/.test(parsed.protocol) && parsed.username === '' && parsed.password === ''
    );
  }, 'an http:// or https:// URL without a user; credentials go into `headers`');

const header = z.string().regex(/^[\x20-\x7e]{0,4000}$/, 'printable characters on one line');
const OURS = /^(host|connection|content-length|transfer-encoding|upgrade|te|trailer|expect|accept-encoding)$/i;

export const httpTargetSchema = z.strictObject({
  kind: z.literal('http'),
  ...common,
  url,
  /** Sent with the GET. Their values are secrets, except those of accept and user-agent. */
  headers: z
    .record(
      z
        .string()
        .regex(/^[A-Za-z0-9-]{1,64}$/, 'a header name')
        .refine((name) => !OURS.test(name), 'a header that may be set'),
      header
    )
    .default({}),
  /** Statuses that are right. */
  status: z
    .array(number(z.number().int().min(200).max(599)))
    .min(1)
    .max(50)
    .optional(),
  /** Fields of a JSON body. */
  body: z
    .array(
      z.strictObject({
        name: z
          .string()
          .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'a field name of letters, digits and "_"')
          .refine((name) => name !== '__proto__', 'another name'),
        path: text.refine((path) => stepsOf(path) !== undefined, 'a path such as checks.database or items[0].name'),
        /** What it has to be; anything else is a finding. */
        equals: z.union([z.string(), z.number(), z.boolean()]).optional(),
        mismatch: z.enum(['warning', 'critical']).default('critical'),
        warning: number(z.number()).optional(),
        critical: number(z.number()).optional(),
      })
    )
    .max(50)
    .default([]),
  ...networkKeys,
  checks: checkSettings(httpChecks),
});

export type HttpTargetConfig = z.infer<typeof httpTargetSchema>;
