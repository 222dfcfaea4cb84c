/** A pack whose components say what they are: what becomes of it, and what loading refuses. */
import { describe, expect, it } from 'vitest';

import { declaredEstate, instantiate } from '../../src/index';
import {
  estateConflicts,
  formatProblem,
  loadKinds,
  loadPack,
  runEstateTests,
  type LoadedPack,
  type PackFiles,
} from '../../src/authoring/index';

const KINDS: PackFiles = {
  'r/kinds/web/kind.yaml': `id: web
title: Web service
description: D
identity: { scope: web, labels: [job], optional: [namespace] }
params:
  web: { title: Series, kind: selector, required: false }
  window: { title: Window, kind: duration, default: 5m }
dialects:
  old: { title: Old names, discover: 'group by ({{by}}) (old)', name: '{{job}}' }
  new: { title: New names, discover: 'group by ({{by}}) (new)', name: '{{job}}' }
`,
  'r/kinds/web/signals/s.yaml': `failing: { title: Failing, prometheus: 'sum by ({{web | labels}}) (rate(failed{ {{web}} }[{{window}}]))', test: { above: 0 }, effect: errors }
crashing: { title: Crashing, prometheus: 'sum by ({{web | labels}}) (crashes{ {{web}} })', test: { above: 0 } }
`,
  'r/kinds/web/errors.yaml': `id: errors
title: Errors
summary: Requests fail.
area: a
service: web
severity: warning
symptoms: [failing]
causes:
  crashes:
    { title: It crashes, says: It crashes, effects: [errors], evidence: [{ signal: crashing, present: decisive, absent: -strong }] }
tests:
  - { name: crash, given: { failing: present, crashing: present }, expect: { top: crashes } }
  - { name: healthy, expect: { top: none } }
`,
  'r/kinds/store/kind.yaml': `id: store
title: Store
description: D
identity: { scope: store, labels: [instance] }
target: { kind: postgres, param: target }
params:
  store: { title: Series, kind: selector, required: false }
  target: { title: Target, kind: value, required: false }
dialects: { exporter: { title: Exporter, discover: 'group by ({{by}}) (store_up)', name: '{{instance}}' } }
`,
  'r/kinds/store/signals/s.yaml': `store-full: { title: Full, prometheus: 'max by ({{store | labels}}) (full{ {{store}} })', test: { above: 0 }, effect: errors }
store-leak: { title: Leak, prometheus: 'max by ({{store | labels}}) (leak{ {{store}} })', test: { above: 0 } }
`,
  'r/kinds/store/full.yaml': `id: full
title: Full
summary: It is full.
area: a
service: store
severity: warning
symptoms: [store-full]
causes:
  leak: { title: It leaks, says: It leaks, effects: [errors], evidence: [{ signal: store-leak, present: decisive, absent: -strong }] }
`,
};

const SHOP: PackFiles = {
  'r/shop/pack.yaml': `id: shop
title: Shop
description: D
components:
  front:
    title: the front
    kinds: [{ kind: web, dialect: new }]
    is: { job: front }
    with: { web: { window: 1m } }
    dependsOn: [orders]
  orders: { title: the orders, kinds: [store], is: { instance: 'a:1' } }
  money: { title: the money, kinds: [store], with: { store: { target: money } } }
  outside: { title: somebody else }
`,
  'r/shop/front-errors.yaml': `id: front-errors
extends: web/errors
of: front
title: The front fails
causes:
  crashes: null
  partner: { title: The partner fails, says: The partner fails, effects: [errors], evidence: [{ signal: partner-fails, present: decisive, absent: -decisive }] }
tests:
  - { name: partner, given: { failing: present, partner-fails: present }, expect: { top: partner } }
`,
  'r/shop/signals/own.yaml': `partner-fails: { title: Partner, prometheus: 'sum by ({{web | labels}}) (partner{ {{web}} })', test: { above: 0 } }
`,
  'r/shop/tests/all.yaml': `- name: the orders are full
  given: { orders: { store-full: present, store-leak: present }, front: { failing: present } }
  expect: { leads: orders/leak, verdict: likely, says: It leaks }
- { name: healthy, expect: { leads: [] } }
`,
};

const kinds = new Map(loadKinds(KINDS).kinds.map(({ kind }) => [kind.id, kind]));
const problemsOf = (files: PackFiles) => loadPack({ ...KINDS, ...files }, 'r/shop').problems.map(formatProblem);
function load(files: PackFiles = SHOP, folder = 'r/shop'): LoadedPack {
  const loaded = loadPack({ ...KINDS, ...files }, folder);
  if (!loaded.ok) {
    throw new Error(loaded.problems.map(formatProblem).join('\n'));
  }
  return loaded;
}

describe('an estate', () => {
  it('has components with the labels and the names of their kinds', () => {
    expect(load().pack.components?.map(({ id, as }) => [id, as])).toEqual([
      ['front', [{ kind: 'web', dialect: 'new', is: { job: 'front' }, with: { window: '1m' } }]],
      ['orders', [{ kind: 'store', dialect: 'exporter', is: { instance: 'a:1' }, with: {} }]],
      ['money', [{ kind: 'store', dialect: 'diagnostics', is: {}, with: { target: 'money' } }]],
      ['outside', []],
    ]);
  });

  it('replaces the runbook of a kind at one component: the same address, other causes, a signal of its own', () => {
    const estate = declaredEstate([load().pack], kinds);
    const [front] = estate.components.map((component) =>
      instantiate(component, kinds, { extensions: estate.extensions.get(component.id) ?? [] })
    );
    expect(front?.pack.runbooks.map(({ id, title, causes }) => [id, title, causes.map((cause) => cause.id)])).toEqual([
      ['web-errors', 'The front fails', ['partner']],
    ]);
    expect(Object.keys(front?.pack.signals ?? {}).sort()).toEqual(['crashing', 'failing', 'partner-fails']);
  });

  it('keeps the tests of the kind, without those of a cause that was taken out', () => {
    expect(load().pack.runbooks[0]?.tests.map(({ name }) => name)).toEqual(['partner', 'healthy']);
  });

  it('runs its own tests, and says what differs', () => {
    expect(runEstateTests(load(), kinds).map(({ failures }) => failures)).toEqual([[], []]);
    const wrong = {
      ...SHOP,
      'r/shop/tests/all.yaml': `- { name: a, given: { orders: { full: present } }, expect: { leads: [] } }
- { name: b, given: { orders: { store-full: present, store-leak: present } }, expect: { leads: front/partner, explained: orders/leak } }
`,
    };
    expect(runEstateTests(load(wrong), kinds).map(({ failures }) => failures)).toEqual([
      ['the component shop.orders has no signal full'],
      [
        'expected front/partner to lead, and orders/leak leads',
        'expected orders/leak to be explained by another; explained is nothing',
      ],
    ]);
  });

  it.each([
    ['a kind that is not there', 'kinds: [store], is', 'kinds: [stor], is', 'did you mean `store`'],
    ['a kind of several dialects without one', '{ kind: web, dialect: new }', 'web', 'one of old, new'],
    ['a dialect that is not there', 'dialect: new', 'dialect: newer', 'the dialect `newer` does not exist'],
    ['a missing label', "is: { instance: 'a:1' }", 'is: {}', '`is` lacks instance'],
    ['a label that nothing looks at', "{ instance: 'a:1' }", "{ instance: 'a:1', pod: x }", 'by the label `pod`'],
    ['a parameter that the kind does not have', 'window: 1m', 'windows: 1m', 'did you mean `window`'],
    ['values for a kind that it is not of', '{ web: { window', '{ store: { window', 'the kind of front `store`'],
    ['parameters of its own', 'components:', 'params: { x: { title: X } }\ncomponents:', 'leave `params` out'],
  ])('is refused with %s', (_, from, to, message) => {
    const text = SHOP['r/shop/pack.yaml'] ?? '';
    expect(text).toContain(from);
    expect(problemsOf({ ...SHOP, 'r/shop/pack.yaml': text.replace(from, to) }).join('\n')).toContain(message);
  });

  it.each([
    ['extends nothing', 'extends: web/errors\n', '', 'does not say which runbook of a kind'],
    ['extends what is not there', 'web/errors', 'web/error', 'did you mean `web/errors`'],
    ['extends one of another kind', 'of: front', 'of: orders', 'the component `orders` is no web'],
  ])('is refused with a runbook that %s', (_, from, to, message) => {
    const text = SHOP['r/shop/front-errors.yaml'] ?? '';
    expect(text).toContain(from);
    const whole = to === '' ? 'summary: S\narea: a\nservice: s\nseverity: warning\nsymptoms: [failing]\n' : '';
    const problems = problemsOf({
      ...SHOP,
      'r/shop/front-errors.yaml': text.replace(from, to + whole).replace(to === '' ? '  crashes: null\n' : '', ''),
    });
    expect(problems.join('\n')).toContain(message);
  });
});

describe('two estates', () => {
  const other = (component: string): PackFiles => ({
    'r/other/pack.yaml': `id: other
title: Other
description: D
components:
  back: { title: the back, kinds: [{ kind: web, dialect: new }], is: { job: back }, dependsOn: [db] }
  db: ${component}
`,
  });
  const both = (component: string) => [load(), load(other(component), 'r/other')];
  const merged = (component: string) =>
    declaredEstate(
      both(component).map(({ pack }) => pack),
      kinds
    );
  const conflicts = (component: string) => estateConflicts(both(component), kinds).map(formatProblem);

  it('that name one thing by its labels have one component, with the arrows of both and another name', () => {
    const estate = merged("{ title: another name, kinds: [store], is: { instance: 'a:1' } }");
    expect(estate.components.map(({ id }) => id)).toEqual([
      'shop.front',
      'shop.orders',
      'shop.money',
      'shop.outside',
      'other.back',
    ]);
    expect(estate.arrows.map(({ from, to }) => `${from} ${to}`)).toEqual([
      'shop.front shop.orders',
      'other.back shop.orders',
    ]);
    expect(estate.names.get('other/db')).toBe('shop.orders');
    expect(estate.conflicts).toEqual([]);
  });

  it('that name one thing by its target have one component', () => {
    expect(merged('{ title: T, kinds: [store], with: { store: { target: money } } }').names.get('other/db')).toBe(
      'shop.money'
    );
  });

  it('add what the other does not say', () => {
    const estate = merged("{ title: T, kinds: [store], is: { instance: 'a:1' }, with: { store: { target: o } } }");
    expect(estate.components.find(({ id }) => id === 'shop.orders')?.kinds[0]?.with).toEqual({ target: 'o' });
    expect(estate.conflicts).toEqual([]);
  });

  it('stay two where the labels differ', () => {
    expect(merged("{ title: T, kinds: [store], is: { instance: 'b:1' } }").components).toHaveLength(6);
  });

  it('that say different things of it are refused, with both places', () => {
    expect(
      conflicts("{ title: T, kinds: [store], is: { instance: 'b:1' }, with: { store: { target: money } } }")
    ).toEqual([]);
    expect(
      conflicts('{ title: T, kinds: [{ kind: web, dialect: old }], is: { job: front }, with: { web: { window: 2m } } }')
    ).toEqual([
      'r/other/pack.yaml:6:26: error: `other/db` and `shop/front` are one web, and differ: dialect is `old` here and `new` at r/shop/pack.yaml:7 [conflict]',
      'r/other/pack.yaml:6:100: error: `other/db` and `shop/front` are one web, and differ: window is `2m` here and `1m` at r/shop/pack.yaml:9 [conflict]',
    ]);
  });
});
