import { expect, it } from 'vitest';

import { readYaml } from '../../src/authoring/source';

const found = (yaml: string) =>
  readYaml('f.yaml', yaml).problems.map(({ line, column, rule, message }) => `${line}:${column} ${message} [${rule}]`);

it('tells a text that begins with a placeholder to be quoted', () => {
  expect(found('a: 1\ntitle: {{mode}} is bad\n')[0]).toBe('2:9 a text that begins with `{{` must be quoted [syntax]');
  expect(found('a: { b: {{mode}} , c: 1 }\n')).toEqual(['1:10 a text that begins with `{{` must be quoted [syntax]']);
});

it('tells of tabs at the first one only: one key of an editor made them all', () => {
  expect(found('a:\n\tb: 1\n\tc: 2\n\td: 3\n')).toEqual([
    '2:1 Tabs are not allowed as indentation: YAML is indented by spaces [syntax]',
  ]);
});

it('says in the words of an author that a file is one document', () => {
  expect(found('a: 1\n---\nb: 2\n')).toEqual([
    '2:1 a file holds one document: delete the line `---`, or make it two files [syntax]',
  ]);
});

it('points at an alias without an anchor', () => {
  expect(found('a: &there 1\nb: *there\nc:\n  d: *thre\n')).toEqual([
    '4:6 the alias `*thre` has no anchor `&thre` before it [syntax]',
  ]);
  expect(found('a: *later\nb: &later 1\n')).toHaveLength(1);
});

it('refuses aliases that multiply a file', () => {
  const bomb = `a: &a [x, x]\n${[...'bcdefghij'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[index]}`).join(', ')}]`).join('\n')}\n`;
  expect(found(bomb)).toEqual([expect.stringMatching(/^1:1 .*alias.*\[syntax\]$/i)]);
});
