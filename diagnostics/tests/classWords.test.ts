/** A person reads what a client meets in words; `no-permission` is a name for programs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { namedValue } from '@live-runbooks/engine';
import { describe, expect, it } from 'vitest';
import { allChecks } from '../src/checks';
import type { Check, Finding } from '../src/model/check';
import { describeFact } from '../src/model/fact';
import { reasonOf, sayFailure, sayNotAsked } from '../src/model/failure';

const availabilities = allChecks.flatMap((check) => {
  const { class: classes } = check.fields;
  return classes === undefined ? [] : [{ kind: check.kind, check, words: describeFact(classes).words ?? [] }];
});
const cases = availabilities.flatMap(({ kind, check, words }) => words.map((name) => ({ kind, name, check })));
const classes = [...new Set(cases.map(({ name }) => name))];

/** What every kind of target may say of a probe that met this class. */
const reachedWith = (name: string) => ({
  ...{
    class: name,
    message: 'what was said',
    latencyMs: null,
    tookMs: null,
    user: 'reader',
    statement: () => 'a grant',
  },
  ...{ up: false, held: false, pooled: false, answers: [], wanted: [], via: 'system', times: {}, address: null },
});

it('every kind of target has its classes', () => {
  expect(availabilities.map(({ kind }) => kind).sort()).toEqual([
    'dns',
    'http',
    'kms',
    'postgres',
    'redis',
    'sentinel',
    'sqs',
    'tcp',
    'tls',
  ]);
});

it.each(classes)('the class %s has words', (name) => {
  expect(namedValue('class', name)).toMatch(/^[a-z]+( [a-zA-Z]+)+$/);
});

describe.each(cases.filter(({ name }) => name !== 'ok'))('$kind: $name', ({ name, check }) => {
  const words = String(namedValue('class', name));
  const raw = new RegExp(`(^|[:(] ?)${name}(:|$)`);

  it('is said in words by the availability check', async () => {
    const run = (check as unknown as Check<unknown>).prepare({}).run;
    const { summary }: Finding = await run(reachedWith(name));
    expect(summary).toContain(`${words}: what was said`);
    expect(summary).not.toMatch(raw);
  });

  it('is said in words by the checks that could not be asked', () => {
    const summary = sayNotAsked({ class: name, message: 'what was said' });
    expect(summary).toBe(`not asked: ${words}: what was said`);
    expect(summary).not.toMatch(raw);
    expect(reasonOf(name)).toBeTruthy();
  });
});

it('says nothing twice', () => {
  expect(sayFailure({ class: 'timeout', message: 'no answer in time' })).toBe('no answer in time');
});

it('no other text is made of a class as such', () => {
  const root = join(import.meta.dirname, '../src');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const texts = files
    // The recorder compares rounds by their classes, and says nothing to anybody.
    .filter((file) => !file.startsWith('recorder'))
    .flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/`[^`]*\$\{(?:is|(?:\w+\.)*class)\}[^`]*`/g)].map(
        ([text]) => `${file}: ${text}`
      )
    );
  expect(texts).toEqual([]);
});
