/** The parameters that OpenAPI names are those that the schema of the query reads. */
import { expect, it } from 'vitest';
import { z } from 'zod';
import { digits, moment, parametersOf } from '../src/http/extension';

const query = z.strictObject({
  check: z.string().min(1).max(200).describe('id of the check'),
  from: moment('from').optional().describe('ms since the epoch'),
  limit: digits('a number').pipe(z.number().min(1).max(100)).default(50).describe('1 to 100'),
  status: z.enum(['open', 'resolved']).optional(),
});

it('says name, need, meaning and what is allowed', () => {
  expect(parametersOf(query)).toEqual([
    {
      name: 'check',
      in: 'query',
      required: true,
      description: 'id of the check',
      schema: { type: 'string', minLength: 1, maxLength: 200 },
    },
    { name: 'from', in: 'query', required: false, description: 'ms since the epoch', schema: { type: 'integer' } },
    { name: 'limit', in: 'query', required: false, description: '1 to 100', schema: { type: 'integer' } },
    { name: 'status', in: 'query', required: false, schema: { type: 'string', enum: ['open', 'resolved'] } },
  ]);
});

it('keeps the pattern of a text that is no number', () => {
  const [id] = parametersOf(z.strictObject({ id: z.string().regex(/^[a-z]+$/) }));
  expect(id).toMatchObject({ required: true, schema: { type: 'string', pattern: '^[a-z]+$' } });
});
