/** docs/packs.md describes every key that the schemas of the packs know, and no other; its examples are valid. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { FORMATS, keysOf, readPage, schemaOf } from './packsPage';

const ROOT = join(import.meta.dirname, '../..');
const page = readPage(readFileSync(join(ROOT, 'docs/packs.md'), 'utf8'));
const keys = Object.entries(FORMATS).flatMap(([kind, format]) => keysOf(kind, schemaOf(format)));
const nameOf = ({ section, name }: { section: string; name: string }) => `${section}: ${name}`;
const distinct = (names: string[]) => [...new Set(names)].sort();

const packs = execFileSync('git', ['ls-files', 'runbooks/*.yaml'], { cwd: ROOT, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '')
  .map((file) => readFileSync(join(ROOT, file), 'utf8'))
  .join('\n');

describe('docs/packs.md', () => {
  it('describes every key of the format once, and no other', () => {
    expect(keys.length).toBeGreaterThan(100);
    const described = page.rows.map(nameOf);
    expect(described.filter((name, index) => described.indexOf(name) !== index)).toEqual([]);
    expect([...described].sort()).toEqual(distinct(keys.map(nameOf)));
  });

  it('says which keys are required, and what the others default to', () => {
    const wrong = keys.flatMap((key) => {
      const row = page.rows.find((each) => nameOf(each) === nameOf(key));
      if (row?.fallback === undefined) {
        return [];
      }
      const { default: value } = key.node;
      const expected = key.required
        ? 'required'
        : value === undefined
          ? undefined
          : typeof value === 'object'
            ? 'none'
            : String(value);
      const right = expected === undefined ? row.fallback !== 'required' : row.fallback.includes(expected);
      return right ? [] : [`${nameOf(key)}: ${expected ?? 'optional'}, the page says ${row.fallback}`];
    });
    expect(wrong).toEqual([]);
  });

  it('names every word that a key may have', () => {
    const missing = keys.flatMap((key) =>
      (key.node.enum ?? [])
        .map((word) => String(word).replace(/^-/, ''))
        .filter((word) => !page.sections.get(key.section)?.includes(`\`${word}\``))
        .map((word) => `${nameOf(key)}: ${word}`)
    );
    expect(missing).toEqual([]);
  });

  it('has an example for every key', () => {
    const used = page.examples.flatMap(({ kind, text }) => {
      const format = FORMATS[kind];
      return format === undefined ? [] : keysOf(kind, schemaOf(format), { value: parse(text, { merge: true }) });
    });
    expect(distinct(keys.map(nameOf)).filter((name) => !used.some((key) => nameOf(key) === name))).toEqual([]);
  });

  it.each(page.examples)('has a valid example of $kind in line $line', ({ kind, text, invented }) => {
    const format = FORMATS[kind];
    expect(format, `no file of a pack is of the kind "${kind}"`).toBeDefined();
    const data: unknown = parse(text, { merge: true });
    const result = format?.safeParse(data);
    expect(result?.error?.issues ?? []).toEqual([]);
    if (!invented && ['signals', 'causes', 'fixes'].includes(kind)) {
      const names = Object.keys(data as object);
      expect(names.filter((name) => !new RegExp(`^ *${name}:`, 'm').test(packs))).toEqual([]);
    }
  });
});

describe('a page', () => {
  const text = [
    '## Packs',
    '| key | default | meaning |',
    '|---|---|---|',
    '| `id` | required | the name |',
    '',
    '| other |',
    '| `not-a-key` |',
    '```yaml pack invented',
    'id: a',
    '## no heading',
    '```',
  ].join('\n');

  it('is read: tables of keys, and examples', () => {
    const { rows, examples, sections } = readPage(text);
    expect(rows).toEqual([{ section: 'Packs', name: 'id', fallback: 'required' }]);
    expect(examples).toEqual([{ kind: 'pack', invented: true, line: 8, text: 'id: a\n## no heading' }]);
    expect([...sections.keys()]).toEqual(['Packs']);
  });

  it('is compared with what an example uses', () => {
    const schema = schemaOf(FORMATS.causes ?? expect.fail());
    const value = { x: { evidence: [{ signal: 's', where: { value: { above: 1 } } }] } };
    expect(keysOf('causes', schema, { value }).map(nameOf)).toEqual([
      'Causes: evidence',
      'Causes: evidence.signal',
      'Causes: evidence.where',
      'Conditions: above',
    ]);
  });
});
