/** What a check declares is what it finds: the compiler refuses a field or a column more, and one less. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineCheck, toResult, toUnknown } from '../src/model/check';
import { describeFact, fact } from '../src/model/fact';

const about = {
  id: 'test.check',
  title: 'A check',
  kind: 'tcp',
  asks: 'nothing',
  value: 'waiting',
  fields: { waiting: fact.count('sessions that wait'), role: fact.word(['primary', 'replica'], 'its role') },
  rows: { waiters: { pid: fact.number('process id'), seconds: fact.seconds('seconds waited') } },
  mend: 'Nothing.',
  privilege: 'none',
  options: z.strictObject({}),
} as const;

const base = { value: 1, summary: 'one waits' };
const fields = { waiting: 1, role: 'primary' as const };
const waiter = { pid: 7, seconds: 3 };
const timing = { askedAt: 0, tookMs: 1 };

/** A check that finds this. */
const finding =
  <T>(found: T) =>
  () =>
  (_: unknown) =>
    Promise.resolve(found);

const check = defineCheck({ ...about, make: finding({ ...base, fields, rows: { waiters: [waiter] } }) });

describe('the compiler refuses', () => {
  it('a field that is not declared', () => {
    const make = finding({ ...base, fields: { ...fields, longest: 3 } });
    // @ts-expect-error: `longest` is not declared.
    defineCheck({ ...about, make });
    expect(describeFact(about.fields.waiting)).toEqual({
      meaning: 'sessions that wait',
      type: 'number',
      unit: 'short',
    });
  });

  it('a finding without a declared field', () => {
    const make = finding({ ...base, fields: { waiting: 1 } });
    // @ts-expect-error: `role` is missing.
    defineCheck({ ...about, make });
    expect(Object.keys(check.fields)).toEqual(['waiting', 'role']);
  });

  it('a word that is none of the declared ones, and another type', () => {
    const makeWord = finding({ ...base, fields: { ...fields, role: 'witness' as const } });
    // @ts-expect-error: no such role.
    defineCheck({ ...about, make: makeWord });
    const makeText = finding({ ...base, fields: { ...fields, waiting: 'one' } });
    // @ts-expect-error: it is a number.
    defineCheck({ ...about, make: makeText });
    expect(describeFact(about.fields.role).words).toEqual(['primary', 'replica']);
  });

  it('a table or a column that is not declared, and a row without a declared column', () => {
    const makeTable = finding({ ...base, fields, rows: { waiters: [waiter], holders: [] } });
    // @ts-expect-error: `holders` is not declared.
    defineCheck({ ...about, make: makeTable });
    const makeColumn = finding({ ...base, fields, rows: { waiters: [{ ...waiter, query: 'SELECT' }] } });
    // @ts-expect-error: `query` is not declared.
    defineCheck({ ...about, make: makeColumn });
    const makeRow = finding({ ...base, fields, rows: { waiters: [{ pid: 7 }] } });
    // @ts-expect-error: `seconds` is missing.
    defineCheck({ ...about, make: makeRow });
    expect(Object.keys(check.rows)).toEqual(['waiters']);
  });

  it('a value that no field is', () => {
    // @ts-expect-error: there is no field `longest`.
    defineCheck({ ...about, value: 'longest', make: finding({ ...base, fields }) });
    expect(check.value).toEqual({ field: 'waiting', meaning: 'sessions that wait', unit: 'short' });
  });
});

it('what the configuration names is allowed where that is declared', async () => {
  const row = { ...waiter, tenant: 'a' };
  const open = defineCheck({
    ...about,
    configured: { fields: fact.count('length of the key of this name'), rows: { waiters: fact.any('a column') } },
    make: finding({ ...base, fields: { ...fields, queue: 3 }, rows: { waiters: [row] } }),
  });
  const prepared = open.prepare({});
  expect(toResult(prepared, await prepared.run({}), timing)).toMatchObject({
    fields: { waiting: 1, queue: 3 },
    rows: { waiters: [row] },
  });
});

it('a result has the unit of its value, and every declared table', () => {
  const result = toResult(check.prepare({}), { ...base, fields }, timing);
  expect(result).toMatchObject({ unit: 'short', value: 1, rows: { waiters: [] } });
});

it('what could not be asked has every declared field, as null', () => {
  const result = toUnknown(check.prepare({}), { reason: 'timeout', summary: 'silent', mend: 'Wait.' }, timing);
  expect(result.fields).toEqual({ waiting: null, role: null });
  expect(result.rows).toEqual({ waiters: [] });
});

it('a value that no field says has a meaning and a unit of its own', () => {
  const unnamed = defineCheck({ ...about, value: fact.ms('both together'), make: finding({ ...base, fields }) });
  expect(unnamed.value).toEqual({ meaning: 'both together', unit: 'ms' });
});
