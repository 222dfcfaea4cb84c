/** OpenAPI 3.1, generated from the schemas of the answers (3.1 speaks JSON Schema 2020-12, as zod writes it). */
import { z } from 'zod';
import type { Extension } from './extension';
import { allChecks } from '../checks';
import { catalogue, checkResult, failure, health, resultOf, round, rounds, targets } from './answers';

const SCHEMAS = {
  Health: health,
  Targets: targets,
  CheckResult: checkResult,
  Round: round,
  Rounds: rounds,
  Catalogue: catalogue,
  Error: failure,
};

const json = (name: keyof typeof SCHEMAS, description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
});
const refusals = {
  401: json('Error', 'no token, or a wrong one'),
  404: json('Error', 'no such target, check or page'),
};
/** Of the routes that answer `?at=`. */
const past = {
  400: json('Error', 'bad query'),
  404: {
    description: 'no such target, or nothing recorded then',
    content: {
      'application/json': {
        schema: { anyOf: [{ $ref: '#/components/schemas/Error' }, { $ref: '#/components/schemas/NothingRecorded' }] },
      },
    },
  },
  501: json('Error', 'with `at`: no recorder is configured'),
  503: json('Error', 'with `at`: the recorder cannot be read now'),
};
const at = {
  name: 'at',
  in: 'query',
  required: false,
  description:
    'the round in force at that time, ms since the epoch, from the recorder; 404 `nothing-recorded` says what is nearest',
  schema: { type: 'integer' },
};
const named = (name: string, description: string) => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
});

/** `extensions` bring their own schemas and paths. */
export function openApi(version: string, extensions: readonly Extension[] = []): Record<string, unknown> {
  const registry = z.registry<{ id: string }>();
  const results = Object.fromEntries(allChecks.map((check) => [check.id, resultOf(check)]));
  const all = [SCHEMAS, results, ...extensions.map((extension) => extension.schemas)];
  for (const [id, schema] of all.flatMap((some) => Object.entries<z.ZodType>(some))) {
    registry.add(schema, { id });
  }
  const { schemas } = z.toJSONSchema(registry, {
    target: 'draft-2020-12',
    // What may be sent is described, not what becomes of it.
    io: 'input',
    uri: (id) => `#/components/schemas/${id}`,
  });
  const components = Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema])
  );
  return {
    openapi: '3.1.0',
    info: {
      title: 'Live Runbooks diagnostics service',
      version,
      description:
        'Real checks of Postgres, Redis, endpoints, queues and keys. Every answer within two seconds, also while a server hangs.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ token: [] }],
    components: { schemas: components, securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    paths: {
      '/healthz': {
        get: { summary: 'The service is up', security: [], responses: { 200: json('Health', 'up') } },
      },
      '/metrics': {
        get: {
          summary: 'Metrics of the service, and the state of each check',
          responses: {
            200: { description: 'Prometheus text', content: { 'text/plain': { schema: { type: 'string' } } } },
            401: refusals[401],
          },
        },
      },
      '/openapi.json': {
        get: {
          summary: 'This document',
          responses: {
            200: { description: 'OpenAPI 3.1', content: { 'application/json': { schema: { type: 'object' } } } },
            401: refusals[401],
          },
        },
      },
      '/v1/targets': {
        get: { summary: 'The configured targets', responses: { 200: json('Targets', 'targets'), 401: refusals[401] } },
      },
      '/v1/checks': {
        get: {
          summary: 'The catalogue of checks',
          responses: { 200: json('Catalogue', 'checks'), 401: refusals[401] },
        },
      },
      '/v1/rounds': {
        get: {
          summary: 'The last round of each target, taken now if older than the interval',
          parameters: [
            {
              name: 'targets',
              in: 'query',
              required: false,
              description: 'ids of targets, separated by commas; all targets when left out',
              schema: { type: 'string' },
            },
            at,
          ],
          responses: {
            200: {
              description: 'rounds, in the order asked for; with `at`, also the targets of which nothing is known then',
              content: {
                'application/json': {
                  schema: {
                    anyOf: [{ $ref: '#/components/schemas/Rounds' }, { $ref: '#/components/schemas/PastRounds' }],
                  },
                },
              },
            },
            401: refusals[401],
            ...past,
          },
        },
      },
      '/v1/targets/{id}/round': {
        get: {
          summary: 'The last round of one target',
          parameters: [named('id', 'id of the target'), at],
          responses: { 200: json('Round', 'round'), 401: refusals[401], ...past },
        },
      },
      '/v1/targets/{id}/checks/{check}': {
        post: {
          summary: 'One check, run now',
          parameters: [named('id', 'id of the target'), named('check', 'id of the check, e.g. postgres.blocking')],
          responses: {
            200: json(
              'CheckResult',
              'result; the schema with the id of the check says which fields and columns it has'
            ),
            413: json('Error', 'a body larger than 16 kB'),
            415: json('Error', 'a Content-Type that is none'),
            ...refusals,
          },
        },
      },
      ...Object.assign({}, ...extensions.map((extension) => extension.paths)),
    },
  };
}
