/** docs/diagnostics.md says what the schema allows: nothing is left out, nothing is made up. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inserted, reference } from '../../reference';

const document = readFileSync('docs/diagnostics.md', 'utf8');

test('the reference in docs/diagnostics.md is up to date: npx tsx diagnostics/reference.ts', () => {
  expect(inserted(document).changed).toBe(false);
});

test('a document that says something else is told apart', () => {
  expect(inserted(document.replace('`intervalMs` | integer 500 to', '`intervalMs` | integer 1 to')).changed).toBe(true);
  expect(() => inserted('no marks')).toThrow('has to hold');
});

test('every key has a meaning, and every meaning a key: diagnostics/referenceMeanings.ts', () => {
  const { silent, idle } = reference();
  expect(silent).toEqual([]);
  expect(idle).toEqual([]);
});
