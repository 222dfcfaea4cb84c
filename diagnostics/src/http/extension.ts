/**
 * A part of the service that brings its own routes: what it serves, how OpenAPI describes that, and how a body is read.
 * Routes are registered in a scope of their own, behind the same token.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DamagedRow } from '../store/damagedRow';
import { StoreUnavailable } from '../store/failure';
import { ApiError } from './errors';

export interface Extension {
  /** Adds the routes. */
  readonly register: (app: FastifyInstance) => void;
  /** By the name that `paths` refer to them. */
  readonly schemas: Readonly<Record<string, z.ZodType>>;
  readonly paths: Readonly<Record<string, object>>;
}

/** Nothing that is sent here is nested half as deep, and what walks through a value must not run out of stack. */
const DEEPEST = 50;

/** Once through, character by character: a pattern could be made to take its time. */
function isDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') {
        at += 1;
      } else if (character === '"') {
        quoted = false;
      }
    } else if (character === '"') {
      quoted = true;
    } else if (character === '[' || character === '{') {
      depth += 1;
      if (depth > DEEPEST) {
        return true;
      }
    } else if (character === ']' || character === '}') {
      depth -= 1;
    }
  }
  return false;
}

/** In this scope, `application/json` is read, up to `limit` bytes; whatever else comes is answered 415 by `bodyAs`. */
export function readJson(app: FastifyInstance, limit: number): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>(
    'application/json',
    { parseAs: 'string', bodyLimit: limit },
    (request, body, done) => {
      const read = (error: Error | null, value?: unknown): void =>
        error === null ? done(null, value) : done(badJson(), undefined);
      if (isDeep(body)) {
        done(
          new ApiError(400, 'too-deep', `the body is nested deeper than ${DEEPEST}`, 'Send a flatter object.'),
          undefined
        );
        return;
      }
      void parse(request, body, read);
    }
  );
  app.setErrorHandler((error: unknown) => {
    // What the service says of errors in general is true of routes that read no body.
    const { statusCode } = error as { statusCode?: number };
    if (statusCode === 413) {
      throw new ApiError(413, 'too-large', `the body is larger than ${limit} bytes`, 'Send less at a time.');
    }
    throw error;
  });
}

const badJson = (): ApiError => new ApiError(400, 'bad-json', 'the body is not JSON', 'Send one JSON object, UTF-8.');

/** The body as the schema wants it. Errors: `ApiError` 415 and 400, which name the key. */
export function bodyAs<T extends z.ZodType>(schema: T, request: FastifyRequest): z.infer<T> {
  requireJson(request);
  return checked(schema, request.body, 'the body');
}

export function requireJson(request: FastifyRequest): void {
  if (request.body === undefined) {
    throw new ApiError(
      415,
      'not-json',
      'the body is not JSON',
      'Send a JSON body with `Content-Type: application/json`.'
    );
  }
}

/** The query as the schema wants it. Errors: `ApiError` 400, which names the parameter. */
export function queryAs<T extends z.ZodType>(schema: T, request: FastifyRequest): z.infer<T> {
  return checked(schema, request.query, 'the query');
}

function checked<T extends z.ZodType>(schema: T, value: unknown, what: string): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  const key = (issue?.path ?? []).map(String).join('.');
  const unknown =
    issue?.code === 'unrecognized_keys' ? `there is no ${issue.keys.join(', ').slice(0, 100)}` : undefined;
  const ofKey = issue?.code === 'invalid_key' ? issue.issues[0]?.message : undefined;
  throw new ApiError(
    400,
    'bad-request',
    `${key === '' ? what : `\`${key}\``}: ${unknown ?? ofKey ?? issue?.message ?? 'not understood'}`,
    'GET /openapi.json describes what is allowed.'
  );
}

/** A whole number in a query, as digits; `says` is the error when it is not. */
export const digits = (says: string, missing = says) =>
  z
    .string(missing)
    .regex(/^\d{1,15}$/, says)
    .meta({ type: 'integer' })
    .transform(Number);

/** A time in a query: ms since the epoch. */
export const moment = (name: string) =>
  digits('a time in milliseconds since the epoch, as digits', `${name} is missing: ms since the epoch`);

/** The answer to a request that a store cannot serve now. */
export function orUnavailable<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asUnavailable(what, error);
  }
}

export function asUnavailable(what: string, error: unknown): unknown {
  if (error instanceof DamagedRow) {
    return new ApiError(
      503,
      `${what}-damaged`,
      error.message,
      'The rest of the file is served. Its log names the entry; mend it from a backup.'
    );
  }
  if (!(error instanceof StoreUnavailable)) {
    return error;
  }
  const { mend, problem } = error.failure;
  // The file's path is for the log of the service, not for every reader.
  return new ApiError(503, `${what}-unavailable`, `the ${what} store is unavailable: ${problem}`, mend);
}

export const json = (name: string, description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
});
export const refusals = (...codes: ReadonlyArray<readonly [status: number, why: string]>) =>
  Object.fromEntries(
    [[401, 'no token, or a wrong one'] as const, ...codes].map(([status, why]) => [status, json('Error', why)])
  );

/** The parameters of a query, from the schema that reads it (`queryAs`); each key says what it means with `.describe()`. */
export function parametersOf(schema: z.ZodObject) {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
  return Object.entries(properties).map(([name, property]) => {
    const { description, pattern, ...rest } = property as z.core.JSONSchema.JSONSchema;
    return {
      name,
      in: 'query',
      required: required.includes(name),
      description,
      // The document says integer, so the pattern of its digits is left out.
      schema: rest.type === 'integer' || pattern === undefined ? rest : { ...rest, pattern },
    };
  });
}

export const inPath = (name: string, description: string) => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
});
export const sent = (name: string) => ({
  required: true,
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
});
