/** Pieces that the schemas of all kinds of targets are made of. */
import { isIPv6 } from 'node:net';
import { z } from 'zod';

/** Numbers may come from the environment, as text. */
export const number = (schema: z.ZodNumber) =>
  z.preprocess((value) => (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value), schema);
export const port = number(z.number().int().min(1).max(65_535));
export const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'a name of lower-case letters, digits, ".", "_" and "-"');
export const text = z.string().min(1);
/** A name or an address. An IPv6 address may stand in brackets, as in a URL; without quotes YAML takes these for a list. */
export const host = z.preprocess((value) => {
  const [given, ...more] = Array.isArray(value) ? (value as unknown[]) : [value];
  const plain = typeof given === 'string' ? given.replace(/^\[(.*)\]$/, '$1') : given;
  return more.length === 0 && typeof plain === 'string' && isIPv6(plain) ? plain : value;
}, text);

interface Configurable {
  readonly id: string;
  readonly options: z.ZodObject<Record<string, z.ZodType>>;
}

/** What was given, and nothing else: a default filled in here would hide that a key was left out. */
function withoutDefault(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodOptional
    ? withoutDefault(schema.unwrap() as z.ZodType)
    : schema.optional();
}

/** `checks: {<id>: {enabled, warning, critical, …}}`, one key per check of that kind. */
export function checkSettings(checks: readonly Configurable[]) {
  const shape = Object.fromEntries(
    checks.map((check) => [
      check.id,
      z
        .strictObject({
          enabled: z.boolean().optional(),
          ...Object.fromEntries(
            Object.entries(check.options.shape).map(([key, option]) => [key, withoutDefault(option)])
          ),
        })
        .optional(),
    ])
  );
  return z.strictObject(shape).default({});
}

const tls = z
  .strictObject({
    /** PEM file of the certificate authority; the system's authorities when left out. */
    caFile: text.optional(),
    /** The name in the certificate, when it is not the host. */
    serverName: text.optional(),
    /** PEM file of the client's certificate. */
    certFile: text.optional(),
    /** PEM file of its key. */
    keyFile: text.optional(),
  })
  .refine(({ certFile, keyFile }) => (certFile === undefined) === (keyFile === undefined), {
    message: 'certFile and keyFile belong together',
  });
const tlsOrCertificate = z.union([z.boolean(), tls]).default(false);

export const common = { id, title: text.optional(), tls: tlsOrCertificate };
