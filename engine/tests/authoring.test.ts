import { describe, expect, it } from 'vitest';

import { formatProblem, lintPacks, loadPack, runPackTests, type PackFiles } from '../src/authoring/index';

const PACK = `id: demo
title: Demo
description: A pack
uses: [common]
params:
  window: { title: Window, kind: duration, default: 5m }
  pg: { title: Target, default: pg }
`;
const SIGNALS = `waiters:
  title: Sessions waiting
  diagnostics: { check: postgres.blocking, target: "{{pg}}", field: waiting }
  test: { above: 0, critical: 5 }
blocker:
  title: The root blocker is idle
  diagnostics: { check: postgres.blocking, target: "{{pg}}", rows: roots, where: { state: idle in transaction, mode: [a, b], idle: { above: 2 } } }
busy:
  title: Busy
  prometheus: sum(rate(x[{{window}}]))
  test: { above: 1 }
`;
const CAUSES = `holder:
  title: A holder
  says: "{{blocker.pid}} holds"
  prior: common
  evidence:
    - { signal: blocker, present: decisive, absent: -strong, group: g }
    - { signal: waiters, present: weak, absent: -decisive }
  fixes: [look]
`;
const RUNBOOK = `id: locks
title: Locks
summary: Sessions wait
area: database
service: demo
severity: critical
alerts: [LockWaits]
symptoms: [waiters]
causes:
  holder: { use: common/holder, explains: ["*:locks2"] }
  load:
    title: Load
    says: too much
    evidence:
      - { signal: busy, present: strong, absent: -strong }
      - { signal: blocker, present: -moderate }
    lookAlikes: { cause: holder, differs: x }
    fixes: look
fixes:
  look: { title: Look, kind: read, risk: safe, sql: "SELECT {{blocker.pid}}", reach: nothing, on: { host: h, port: "5432", database: d, role: r } }
prevention:
  - { alert: LockWaits, signal: waiters, summary: s, description: "{{ $value }}" }
tests:
  - name: holder
    given: { blocker: { present: { pid: 4711 } }, waiters: { present: 14, since: 5m } }
    expect: { top: holder, verdict: likely, says: "4711", refuted: [] }
  - name: load
    given: { waiters: { present: 14 }, busy: present }
    expect: { top: load }
  - { name: healthy, expect: { top: none } }
  - { name: blind, rest: unknown, expect: { top: none, verdict: cannot-assess } }
`;
const GOOD: PackFiles = {
  'r/demo/pack.yaml': PACK,
  'r/demo/locks.yaml': RUNBOOK,
  'r/common/signals/pg.yaml': SIGNALS,
  'r/common/causes/pg.yaml': CAUSES,
};

function load(files: PackFiles) {
  const result = loadPack(files, 'r/demo');
  if (!result.ok) {
    throw new Error(result.problems.map(formatProblem).join('\n'));
  }
  return result;
}
const problems = (files: PackFiles) => loadPack(files, 'r/demo').problems.map(formatProblem);
const changed = (file: keyof typeof GOOD, from: string, to: string): PackFiles => {
  const text = GOOD[file] ?? '';
  expect(text).toContain(from);
  return { ...GOOD, [file]: text.replace(from, to) };
};

describe('loading', () => {
  it('turns the short forms into the full ones', () => {
    const { pack } = load(GOOD);
    expect(pack).toMatchObject({
      id: 'demo',
      format: 1,
      params: { window: { required: false }, pg: { kind: 'value' } },
    });
    expect(pack.signals['blocker']).toMatchObject({
      query: {
        source: 'diagnostics',
        read: {
          rows: 'roots',
          where: { state: { is: 'idle in transaction' }, mode: { oneOf: ['a', 'b'] }, idle: { above: 2 } },
        },
      },
      test: { above: 0 },
      empty: 'unknown',
      cost: 1,
      maxAge: 300,
    });
    const [locks] = pack.runbooks;
    expect(locks?.causes[0]).toMatchObject({
      id: 'holder',
      identity: 'common/holder',
      prior: 'common',
      explains: ['*:locks2'],
      evidence: [
        { signal: 'blocker', present: { band: 'decisive', sign: 1 }, absent: { band: 'strong', sign: -1 }, group: 'g' },
        { present: { band: 'weak' } },
      ],
    });
    expect(locks?.causes[1]).toMatchObject({
      identity: 'demo/locks/load',
      prior: 'usual',
      fixes: ['look'],
      lookAlikes: [{ cause: 'holder' }],
    });
    expect(locks?.fixes['look']).toMatchObject({ language: 'sql', command: 'SELECT {{blocker.pid}}' });
    expect(locks?.tests[0]?.given['waiters']).toEqual({ state: 'present', value: 14, since: -300_000 });
  });

  it('takes a signal of the pack in place of one of a kind, and refuses one that is defined twice in one folder', () => {
    const own = 'waiters: { title: Sessions of ours, manual: "How many wait?" }\n';
    const ofKind = Object.fromEntries(
      Object.entries(GOOD).map(([file, text]) => [file.replace('r/common/', 'r/kinds/common/'), text])
    );
    const { pack } = load({ ...ofKind, 'r/demo/signals/own.yaml': own });
    expect(pack.signals['waiters']).toMatchObject({ title: 'Sessions of ours', query: { source: 'manual' } });
    const twice = { ...ofKind, 'r/demo/signals/own.yaml': own, 'r/demo/signals/twice.yaml': own };
    expect(problems(twice)).toEqual([
      expect.stringMatching(/the signal `waiters` is already defined at r\/demo\/signals\/own/),
    ]);
  });

  it('gives a shared cause one identity in the estate, or one in each pack', () => {
    const of = (files: PackFiles) => load(files).pack.runbooks[0]?.causes[0]?.identity;
    expect(of(changed('r/common/causes/pg.yaml', '  prior: common', '  scope: estate'))).toBe('common/holder');
    const perPack = changed('r/common/causes/pg.yaml', '  prior: common', '  scope: pack');
    expect(of(perPack)).toBe('demo:common/holder');
    expect(
      of({
        ...perPack,
        'r/demo/locks.yaml': RUNBOOK.replace('use: common/holder', 'use: common/holder, scope: estate'),
      })
    ).toBe('common/holder');
    expect(
      problems(changed('r/demo/locks.yaml', '    says: too much', '    says: too much\n    scope: pack'))[0]
    ).toMatch(/locks\.yaml:12:\d+: error: .*scope is of a shared cause/);
  });

  it('adds evidence of the runbook to that of the shared cause, each with the place where it was written', () => {
    const withMore = (more: string) =>
      changed('r/demo/locks.yaml', 'holder: { use: common/holder,', `holder: { use: common/holder, ${more},`);
    const adding = (item: string) => withMore(`also: [${item}]`);
    const { pack } = load(adding('{ signal: busy, present: -strong, group: g }'));
    expect(pack.runbooks[0]?.causes[0]?.evidence.map(({ signal, group }) => [signal, group])).toEqual([
      ['blocker', 'g'],
      ['waiters', undefined],
      ['busy', 'g'],
    ]);
    expect(problems(adding('{ signal: bsuy, present: -strong }')).join()).toMatch(
      /locks\.yaml:10:\d+: error: the signal `bsuy` does not exist; did you mean `busy`/
    );
    expect(
      lintPacks([load(adding('{ signal: busy, present: -strong, says: "{{bsuy}}" }'))])
        .filter(({ rule }) => rule === 'placeholder')
        .map(formatProblem)
    ).toEqual([expect.stringMatching(/locks\.yaml:10:\d+: .*`bsuy` does not exist/)]);
    expect(problems(withMore('also: [{ signal: busy, present: weak }], evidence: []')).join()).toMatch(
      /`also` adds evidence to that of the shared cause/
    );
    expect(
      problems(
        changed(
          'r/demo/locks.yaml',
          '    says: too much',
          '    says: too much\n    also: [{ signal: busy, present: weak }]'
        )
      ).join()
    ).toMatch(/`also` adds evidence to that of the shared cause/);
  });

  it('does not depend on the order of the files', () => {
    expect(load(Object.fromEntries(Object.entries(GOOD).reverse())).pack).toEqual(load(GOOD).pack);
  });

  it.each<[string, PackFiles, RegExp]>([
    [
      'a syntax error',
      changed('r/demo/pack.yaml', 'title: Demo', 'title: "Demo'),
      /^r\/demo\/pack\.yaml:\d+:\d+: error: .*\[syntax\]/,
    ],
    [
      'a key given twice',
      changed('r/demo/pack.yaml', 'title: Demo', 'title: Demo\ntitle: Demo'),
      /pack\.yaml:3:1: error: .*unique.*only once/,
    ],
    [
      'an unknown key',
      changed('r/demo/locks.yaml', 'symptoms:', 'simptoms:'),
      /locks\.yaml:8:1: error: unknown key `simptoms`; did you mean `symptoms`\?; allowed: id, title/,
    ],
    [
      'an unknown band',
      changed('r/demo/locks.yaml', 'present: strong', 'present: strnog'),
      /locks\.yaml:15:34: error: causes\.load\.evidence\.0\.present: `strnog` is no band; did you mean `strong`\?; allowed: decisive/,
    ],
    [
      'an unknown signal',
      changed('r/demo/locks.yaml', 'signal: busy', 'signal: bsuy'),
      /locks\.yaml:15:19: error: the signal `bsuy` does not exist; did you mean `busy`\?/,
    ],
    [
      'an unknown shared cause',
      changed('r/demo/locks.yaml', 'use: common/holder', 'use: common/holdr'),
      /locks\.yaml:10:18: error: the shared cause `common\/holdr` does not exist; did you mean `common\/holder`\?/,
    ],
    [
      'an unknown fix',
      changed('r/demo/locks.yaml', 'fixes: look\n', 'fixes: lok\n'),
      /locks\.yaml:18:\d+: error: the fix `lok` does not exist; did you mean `look`/,
    ],
    [
      'an unknown cause in a test',
      changed('r/demo/locks.yaml', 'top: load', 'top: laod'),
      /locks\.yaml:29:\d+: error: the cause `laod` does not exist; did you mean `load`/,
    ],
    [
      'an unknown signal in a test',
      changed('r/demo/locks.yaml', 'busy: present', 'bsy: present'),
      /locks\.yaml:28:\d+: error: the signal `bsy`/,
    ],
    [
      'a bad outcome in a test',
      changed('r/demo/locks.yaml', 'busy: present', 'busy: presnt'),
      /locks\.yaml:28:\d+: error: tests\.1\.given\.busy: expected present, absent/,
    ],
    [
      'two queries',
      changed('r/common/signals/pg.yaml', '  prometheus: sum', '  manual: Is it?\n  prometheus: sum'),
      /pg\.yaml:9:3: error: busy: a signal asks exactly one of .*got prometheus and manual/,
    ],
    [
      'no test',
      changed('r/common/signals/pg.yaml', '  test: { above: 1 }\n', ''),
      /pg\.yaml:9:3: error: busy: test is missing/,
    ],
    [
      'a critical below the threshold',
      changed('r/common/signals/pg.yaml', 'critical: 5', 'critical: -5'),
      /pg\.yaml:4:9: error: waiters\.test: critical \(-5\) lies below the threshold/,
    ],
    [
      'a placeholder without quotes',
      changed('r/common/signals/pg.yaml', 'target: "{{pg}}", field', 'target: {{pg}}, field'),
      /pg\.yaml:3:\d+: error: .*must be quoted/,
    ],
    [
      'a bad duration',
      changed('r/demo/locks.yaml', 'since: 5m', 'since: soon'),
      /locks\.yaml:25:\d+: error: .*expected a duration above zero/,
    ],
    [
      'a file with another name',
      { ...GOOD, 'r/demo/other.yaml': RUNBOOK },
      /other\.yaml:1:5: error: the runbook `locks` must stand in locks\.yaml/,
    ],
    [
      'a folder that is not there',
      changed('r/demo/pack.yaml', '[common]', '[comon]'),
      /pack\.yaml:4:8: error: the pack uses `comon`, and neither `r\/kinds\/comon` nor `r\/comon` holds a file/,
    ],
    [
      'a signal defined twice',
      { ...GOOD, 'r/demo/signals/mine.yaml': 'busy: { title: B, manual: Is it? }\n' },
      /mine\.yaml:1:7: error: the signal `busy` is already defined at r\/common\/signals\/pg\.yaml:8/,
    ],
    ['a stray file', { ...GOOD, 'r/demo/more/x.yaml': 'a: 1' }, /more\/x\.yaml:1:1: error: a pack reads/],
    [
      'a shared cause without evidence',
      changed(
        'r/common/causes/pg.yaml',
        '  evidence:\n    - { signal: blocker, present: decisive, absent: -strong, group: g }\n    - { signal: waiters, present: weak, absent: -decisive }\n',
        ''
      ),
      /locks\.yaml:10:11: error: the cause `holder` has no evidence/,
    ],
    ['no pack at all', {}, /pack\.yaml:1:1: error: a pack needs a pack\.yaml/],
  ])('says where and why: %s', (_, files, expected) => {
    const found = problems(files);
    expect(found.join('\n')).toMatch(new RegExp(expected.source, 'm'));
    expect(loadPack(files, 'r/demo')).not.toHaveProperty('pack');
  });
});

it('finds nothing to lint in a sound pack', () => {
  const sound = changed('r/demo/locks.yaml', ', explains: ["*:locks2"]', '');
  expect(lintPacks([load(sound)]).map(formatProblem)).toEqual([]);
});

describe('the tests of a pack', () => {
  it('pass as written', () => {
    expect(runPackTests(load(GOOD).pack).map(({ name, failures }) => [name, failures])).toEqual([
      ['holder', []],
      ['load', []],
      ['healthy', []],
      ['blind', []],
    ]);
  });

  it('fail when the ranking differs from what is expected, and say how', () => {
    const failures = (from: string, to: string) =>
      runPackTests(load(changed('r/demo/locks.yaml', from, to)).pack).flatMap((result) => result.failures);
    expect(failures('expect: { top: load }', 'expect: { top: none }')).toEqual([
      'expected that nothing leads, but load leads',
    ]);
    expect(failures('refuted: []', 'refuted: [holder]')).toEqual(['expected holder to be refuted, it is likely']);
    expect(failures('verdict: likely', 'verdict: possible')).toEqual(['expected the verdict possible, got likely']);
    expect(failures('says: "4711", refuted', 'says: "4712", refuted')).toEqual([
      'expected the verdict to say "4712", it says "4711 holds."',
    ]);
    expect(failures('name: healthy, expect: { top: none }', 'name: healthy, expect: { top: holder }')[0]).toBe(
      'expected holder to lead, but nothing leads'
    );
  });
});
