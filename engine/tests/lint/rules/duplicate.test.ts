import { expect, it } from 'vitest';

import { formatProblem, lintPacks, loadPack } from '../../../src/authoring/index';

function pack(folder: string, id: string) {
  const loaded = loadPack(
    {
      [`${folder}/pack.yaml`]: `id: ${id}\ntitle: P\ndescription: D\n`,
      [`${folder}/signals/s.yaml`]: 'it: { title: It, prometheus: x, test: { above: 0 } }\n',
      [`${folder}/r.yaml`]: `id: r
title: R
summary: S
area: a
service: s
severity: info
symptoms: [it]
causes:
  c: { title: C, says: C, evidence: [{ signal: it, present: strong }], fixes: [] }
`,
    },
    folder
  );
  if (!loaded.ok) {
    throw new Error(loaded.problems.map(formatProblem).join('\n'));
  }
  return loaded;
}
const found = (...ids: string[]) =>
  lintPacks(ids.map((id, index) => pack(`pack${index}`, id)))
    .filter(({ rule }) => rule === 'duplicate')
    .map(formatProblem);

it('refuses a second pack of the same id', () => {
  expect(found('p', 'p')).toEqual(['pack1/pack.yaml:1:5: error: two packs have the id `p` [duplicate]']);
  expect(found('p', 'q')).toEqual([]);
});
