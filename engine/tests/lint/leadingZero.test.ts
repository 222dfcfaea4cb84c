import { expect, it } from 'vitest';

import { readYaml } from '../../src/authoring/source';

const found = (yaml: string) =>
  readYaml('f.yaml', yaml).problems.map(({ line, column, rule, message }) => `${line}:${column} ${message} [${rule}]`);

it('refuses a number with a zero before it: YAML would drop it', () => {
  expect(found('a: 1\nmode: 0755\n')).toEqual([
    '2:7 `0755` is read as 755: quote it when it is a text, else write 755 [leading-zero]',
  ]);
  expect(found('test: { above: -010 }').join()).toContain('write -10');
});

it('leaves others alone', () => {
  expect(found("a: 0\nb: 0.5\nc: '0755'\nd: 00a\ne: 10\nf: 0.050\n")).toEqual([]);
});
