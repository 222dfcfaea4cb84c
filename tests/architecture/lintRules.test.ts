/** A rule of lint is one file, one test and one paragraph: a new one is found by its name. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ruleTexts } from '@live-runbooks/engine/authoring';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const namesIn = (folder: string, ending: string) =>
  readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length));

/** What the rules stand on. */
const NO_RULES = ['index', 'rule', 'queryRule', 'fixRule'];
const rules = namesIn('engine/src/authoring/lint/rules', '.ts').filter((name) => !NO_RULES.includes(name));
const tests = ['engine/tests/lint/rules', 'cli/tests/rules'].flatMap((folder) => namesIn(folder, '.test.ts'));
const idOf = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

describe('each rule of lint', () => {
  it('is found', () => {
    expect(rules.length).toBeGreaterThan(50);
  });

  it('is called as its file, and has a paragraph', () => {
    const ids = ruleTexts.map(({ id }) => id);
    expect(rules.map(idOf).filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('has a test of its name', () => {
    expect(rules.filter((rule) => !tests.includes(rule))).toEqual([]);
  });

  it('says what, why and how it is mended, in sentences', () => {
    const unfinished = ruleTexts.filter((text) =>
      [text.what, text.why, text.mend].some((sentence) => !/^[A-Z`"].*[.:]$/.test(sentence))
    );
    expect(unfinished.map(({ id }) => id)).toEqual([]);
  });
});
