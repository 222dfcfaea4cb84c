import { expect, it } from 'vitest';

import { formatProblem, lintPacks, loadKinds, loadPack } from '../../../src/authoring/index';
import { lintRule } from './lintRule';

const found = (expr: string) =>
  lintRule('unused-param', {
    signals: `it: { title: It, prometheus: '${expr}', test: { above: 0 } }\n`,
    pack: '  mine: { title: Mine, kind: value, default: x }\n',
  }).filter((problem) => problem.includes('`mine`'));

it('warns of a parameter that nothing uses', () => {
  expect(found('x')).toEqual([
    expect.stringMatching(/^p\/pack\.yaml:7:\d+: warning: nothing uses the parameter `mine`/),
  ]);
  expect(found('x{job="{{mine}}"}')).toEqual([]);
  expect(found('x{job=~"{{mine | regex}}"}')).toEqual([]);
});

it('takes the default of another parameter for a use', () => {
  const made = lintRule('unused-param', {
    signals: `it: { title: It, prometheus: 'x{ {{scope}} }', test: { above: 0 } }\n`,
    pack: `  mine: { title: Mine, kind: value, default: x }\n  scope: { title: S, kind: selector, default: 'a="{{mine}}"' }\n`,
  });
  expect(made.filter((problem) => problem.includes('`mine`'))).toEqual([]);
});

it('counts for a parameter of a kind what packs that use the kind read', () => {
  const kind = (expr: string) => {
    const files = {
      'r/kinds/shop/kind.yaml': `id: shop
title: Shop
description: D
identity: { scope: shop, labels: [job] }
params:
  shop: { title: Labels of its series, kind: selector, default: 'job="shop"' }
  window: { title: Window, kind: duration, default: 5m }
`,
      'r/kinds/shop/signals/s.yaml': `it: { title: It, prometheus: '${expr}', test: { above: 0 } }\n`,
      'r/p/pack.yaml':
        'id: p\ntitle: P\ndescription: D\nuses: [shop]\nparams: { shop: { title: S, kind: selector }, window: { title: W, kind: duration } }\n',
      'r/p/r.yaml': `id: r
title: R
summary: S
area: a
service: s
severity: info
symptoms: [it]
causes:
  c: { title: C, says: C, evidence: [{ signal: it, present: strong }], fixes: [] }
`,
    };
    const pack = loadPack(files, 'r/p');
    const { kinds, problems } = loadKinds(files);
    expect([...pack.problems, ...problems].map(formatProblem)).toEqual([]);
    return lintPacks([...(pack.ok ? [pack] : []), ...kinds])
      .filter(({ rule, file }) => rule === 'unused-param' && file === 'r/kinds/shop/kind.yaml')
      .map(formatProblem);
  };
  expect(kind('rate(x{ {{shop}} }[{{window}}])')).toEqual([]);
  expect(kind('up')).toEqual([
    expect.stringMatching(/^r\/kinds\/shop\/kind\.yaml:7:\d+: warning: nothing uses the parameter `window`/),
  ]);
});
