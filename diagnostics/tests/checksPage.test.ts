/** docs/checks.md says what a person has to know of a check, and its text survives Markdown. */
import { expect, it } from 'vitest';
import { z } from 'zod';
import { checksPage } from '../checksPage';
import { defineCheck, limit } from '../src/model/check';
import { fact } from '../src/model/fact';

const base = { kind: 'tcp', mend: 'Nothing.', privilege: 'GRANT SELECT ON <table>' } as const;
const queue = defineCheck({
  ...base,
  id: 'test.queue',
  title: 'Messages that wait',
  asks: 'LLEN | `LLEN <key>`, %R~*',
  value: 'oldestSeconds',
  fields: { oldestSeconds: fact.seconds('age of the oldest'), state: fact.word(['open', 'shut'], 'open|shut') },
  rows: { messages: { id: fact.text('id'), tries: fact.count('how often it was taken'), port: fact.number('port') } },
  configured: { rows: { messages: fact.any('a configured column') } },
  unaskedEvery: 5,
  timed: true,
  options: z.strictObject({ warning: limit.warning(3), critical: limit.none(), everySeconds: limit.every(60) }),
  make: () => (_: unknown) => Promise.resolve({ value: 1, summary: '', fields: { oldestSeconds: 1, state: null } }),
});
const costly = defineCheck({
  ...base,
  id: 'test.costly_one',
  title: 'A costly look',
  asks: 'everything',
  value: fact.count('1 up, 0 down'),
  fields: {},
  rows: {},
  onDemand: true,
  below: true,
  options: z.strictObject({ critical: z.number().default(0) }),
  make: () => (_: unknown) => Promise.resolve({ value: 1, summary: '', fields: {} }),
});
const none = { redis: [], sentinel: [], http: [], tls: [], dns: [], sqs: [], kms: [], postgres: [] };
const page = checksPage({ ...none, tcp: [queue, costly] });

it('has a section for each check, and a list that leads there', () => {
  expect(page).toContain('- **tcp**: [test.queue](#testqueue), [test.costly_one](#testcostly_one)');
  expect(page).toContain('## test.queue\n\nMessages that wait.\n');
});

it('says the value, the thresholds, the pace and the rights', () => {
  expect(page).toContain('- **Value:** `oldestSeconds` (`s`)');
  expect(page).toContain('- **Thresholds:** warning 3, critical unset');
  expect(page).toContain(
    '- **Asked:** by rounds at most every 60 s (`everySeconds`), and at once by POST; while it is fine and nobody looks, in one of 5 background rounds; it measures a time'
  );
  expect(page).toContain('- **Value:** 1 up, 0 down (`short`)');
  expect(page).toContain('- **Thresholds:** critical 0; at or below is the finding');
  expect(page).toContain('- **Asked:** on demand alone (POST)');
});

it('has each field and column with its type, unit and words', () => {
  expect(page).toContain('| `oldestSeconds` | age of the oldest | `s` |');
  expect(page).toContain('| `state` | open\\|shut | `open` `shut` |');
  expect(page).toContain('| Column of `messages` | What it is | Type |');
  expect(page).toContain(
    '| `id` | id | text |\n| `tries` | how often it was taken | count |\n| `port` | port | number |'
  );
  expect(page).toContain('| a configured name | a configured column | as configured |');
});

it('escapes what Markdown would take for a tag or a stress, outside of code', () => {
  expect(page).toContain('- **Least rights:** GRANT SELECT ON \\<table>');
  expect(page).toContain('- **Asks:** LLEN | `LLEN <key>`, %R~\\*');
});
