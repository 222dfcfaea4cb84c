/**
 * Whatever is sent, to every operation of the OpenAPI document: the answer has a status that the document names for it,
 * a body that fits the schema of that status, comes within the budget, and is never a 5xx that the document does not name.
 */
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from '../rig/client';
import { type RedisRig, redisRig } from '../rig/redis';
import type { TestService } from '../rig/service';
import { expectNoSecret, serviceAlone } from './wire';
import { atMost } from '../rig/atMost';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { content: { 'application/json': { schema: { $ref: string } } } };
  readonly responses: Readonly<Record<string, { content?: Record<string, { schema: object }> }>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

let redis: RedisRig;
let service: TestService;
let document: Document;
const ajv = new Ajv2020({ strict: false, allErrors: true });
beforeAll(async () => {
  redis = await redisRig();
  service = await serviceAlone({ intervalMs: 500 });
  document = (await ask<Document>(service, '/openapi.json')).body;
  ajv.addSchema(document, 'openapi');
});
afterAll(async () => {
  await service.close();
  await redis.dispose();
});

const validators = new Map<string, ValidateFunction>();
function validator(path: string, method: string, status: number, type: string): ValidateFunction {
  const pointer = ['paths', path, method, 'responses', String(status), 'content', type, 'schema']
    .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/');
  const known = validators.get(pointer) ?? ajv.compile({ $ref: `openapi#/${pointer}` });
  validators.set(pointer, known);
  return known;
}

/** Values that mean something here, beside whatever fast-check thinks of. */
const meaningful = fc.constantFrom(
  ...[
    'shop-postgres',
    'postgres.availability',
    'postgres.blocking',
    'x',
    '1',
    '0',
    '-1',
    '1e3',
    '999999999999999',
    'NaN',
  ],
  ...[
    'open',
    'resolved',
    String(Date.now()),
    '__proto__',
    'constructor',
    '../..',
    '%00',
    "' OR 1=1 --",
    '',
    ' ',
    'null',
  ]
);
const value = fc.oneof(
  { weight: 3, arbitrary: meaningful },
  fc.string({ maxLength: 300 }),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.integer().map(String)
);
/** As a browser sends it: half a surrogate pair cannot be encoded and is left out. */
const encoded = (text: string): string => encodeURIComponent(text.replace(/[\ud800-\udfff]/g, ''));

const keys = fc.constantFrom(
  ...['clientId', 'title', 'severity', 'kind', 'note', 'text', 'phase', 'alert', 'runbook', 'fix', 'command', 'alerts'],
  ...['version', 'status', 'labels', 'startsAt', 'endsAt', 'fingerprint', 'receiver', 'groupKey', '__proto__', 'x']
);
const leaf = fc.oneof(
  value,
  fc.constantFrom('4', '1', 'warning', 'note', 'resolve', 'phase', 'firing', '2026-01-05T00:00:00Z', 'client-0001'),
  fc.double(),
  fc.boolean(),
  fc.constant(null)
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof({ depthSize: 'small' }, leaf, tie('list'), tie('object')),
  list: fc.array(tie('tree'), { maxLength: 4 }),
  object: fc.dictionary(keys, tie('tree'), { maxKeys: 6 }),
}));
const body = fc.oneof(
  fc.dictionary(keys, tree, { maxKeys: 8 }).map((object) => JSON.stringify(object)),
  tree.map((any) => JSON.stringify(any) ?? ''),
  // Nearly right, so that what lies behind the first wall is reached too.
  fc
    .record({
      clientId: fc.constantFrom('client-0001', 'client-0002'),
      title: fc.string({ minLength: 1, maxLength: 20 }),
      note: value,
    })
    .map((object) => JSON.stringify(object)),
  fc
    .record({ clientId: value, kind: fc.constantFrom('note', 'resolve', 'acknowledge', 'reopen'), text: value })
    .map((object) => JSON.stringify(object)),
  fc
    .record({
      version: fc.constantFrom('1', '4'),
      alerts: fc.array(
        fc.record({
          status: fc.constantFrom('firing', 'resolved'),
          labels: fc.dictionary(keys, value, { maxKeys: 3 }),
          startsAt: fc.oneof(fc.constant('2026-01-05T00:00:00Z'), value),
          fingerprint: value,
        }),
        { maxLength: 3 }
      ),
    })
    .map((object) => JSON.stringify(object)),
  fc.string({ maxLength: 200 })
);
const type = fc.constantFrom(
  'application/json',
  'application/json; charset=utf-8',
  'text/plain',
  'application/xml',
  'x'
);
const methodOf = fc.constantFrom(undefined, undefined, undefined, undefined, 'get', 'post', 'put', 'delete', 'patch');

test('every answer is one that the document promises', async () => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation }))
  );
  expect(operations.length).toBeGreaterThan(14);
  const statuses = new Map<string, Set<number>>();
  const request = fc.record({
    of: fc.constantFrom(...operations),
    as: methodOf,
    values: fc.array(value, { minLength: 6, maxLength: 6 }),
    left: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    more: fc.option(fc.tuple(value, value), { nil: undefined, freq: 6 }),
    body,
    type,
  });
  await fc.assert(
    fc.asyncProperty(
      request,
      async ({ of: { path, method: own, operation }, as, values, left, more, body: text, type: kind }) => {
        const method = as ?? own;
        const parameters = operation.parameters ?? [];
        const valueAt = (parameter: Parameter): string => values[parameters.indexOf(parameter)] ?? '';
        const filled = parameters
          .filter((parameter) => parameter.in === 'path')
          // An empty segment or a dot would be another path.
          .reduce(
            (whole, each) => whole.replace(`{${each.name}}`, encoded(valueAt(each)).replace(/^\.{0,2}$/, 'x')),
            path
          );
        const query = parameters
          .filter((parameter, at) => parameter.in === 'query' && left[at] !== true)
          .map((parameter) => `${parameter.name}=${encoded(valueAt(parameter))}`)
          .concat(more === undefined ? [] : [`${encoded(more[0])}=${encoded(more[1])}`]);
        const sends = method !== 'get';
        const answer = await ask<unknown>(service, `${filled}${query.length === 0 ? '' : `?${query.join('&')}`}`, {
          method: method.toUpperCase(),
          ...(sends ? { body: text, headers: { 'content-type': kind } } : {}),
        });
        const told = `${method} ${filled}?${query.join('&')} ${sends ? text : ''} → ${answer.status} ${JSON.stringify(answer.body).slice(0, 500)}`;
        expect(answer.ms, told).toBeLessThan(atMost(4000));
        expectNoSecret(JSON.stringify(answer.body));
        const described = document.paths[path]?.[method];
        const promised = described?.responses[String(answer.status)];
        if (described === undefined) {
          expect([400, 404, 413, 415], told).toContain(answer.status);
        } else {
          expect(promised, told).toBeDefined();
        }
        const [mime] = Object.keys(promised?.content ?? {});
        if (mime === 'application/json') {
          const validate = validator(path, method, answer.status, mime);
          expect(validate(answer.body), `${told}: ${ajv.errorsText(validate.errors)}`).toBe(true);
        } else if (answer.status >= 400) {
          const validate = ajv.getSchema('openapi#/components/schemas/Error');
          expect(validate?.(answer.body), told).toBe(true);
        }
        const seen = statuses.get(`${method} ${path}`) ?? new Set();
        statuses.set(`${method} ${path}`, seen.add(answer.status));
      }
    ),
    { numRuns: 1200 }
  );
  // The walk got past the first wall: there were answers and refusals, on every operation.
  for (const { path, method } of operations) {
    expect(statuses.get(`${method} ${path}`)?.size ?? 0, `${method} ${path}`).toBeGreaterThan(0);
  }
  const all = new Set([...statuses.values()].flatMap((each) => [...each]));
  expect([...all]).toEqual(expect.arrayContaining([200, 201, 400, 404, 415]));
  // That a webhook held more than is kept is the sender's doing, and is said; nothing else may be an error.
  const errors = service
    .log()
    .split('\n')
    .filter((line) => line.includes('"level":50') && !line.includes('"what":"alerts-cut"'));
  expect(errors).toEqual([]);
});
