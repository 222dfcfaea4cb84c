/** What is proof of a cause, and what is not: the rules that keep a wrong cause from being likely. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  bind,
  diagnose,
  triage,
  type Cause,
  type Evidence,
  type Outcome,
  type RankedCause,
  type Signal,
} from '../src/index';
import { absent, cause, evidence, NOW, outcomes, pack, present, runbook, signal, unknown } from './makePack';

const check = (id: string, more: Partial<Signal> = {}): Signal =>
  signal(id, { query: { source: 'diagnostics', check: 'a.b', target: 't', read: { field: 'value' } }, ...more });

function weighed(
  items: readonly Evidence[],
  found: readonly Outcome[],
  signals: readonly Signal[] = [],
  more: Partial<Cause> = {}
): RankedCause {
  const bound = bind(pack([runbook('r', ['s'], [cause('a', items, more)])], signals), {});
  const [ranked] = diagnose(bound, 'r', outcomes(present('s'), ...found), NOW).causes;
  if (ranked === undefined) {
    throw new Error('no cause');
  }
  return ranked;
}

describe('a change', () => {
  const signals = [
    signal('new', { change: { onset: 'later', contrast: 'before' } }),
    signal('later'),
    signal('before'),
    signal('plain', { change: {} }),
  ];
  const items = [evidence('new', 'decisive'), evidence('later', '-decisive'), evidence('before', '-decisive')];

  it('is proof when the harm began with it and was not there without it', () => {
    expect(weighed(items, [present('new'), absent('later'), absent('before')], signals).verdict).toBe('likely');
  });

  it.each([
    ['when the harm began is not known', [present('new'), unknown('later'), absent('before')]],
    ['whether it was there before is not known', [present('new'), absent('later'), unknown('before')]],
  ])('is none while %s', (_, found) => {
    expect(weighed(items, found, signals).verdict).toBe('possible');
  });

  it('is not explained away when it is known: two faults at once are two suspects', () => {
    const lock = cause('lock', [evidence('blocker', 'decisive', '-decisive')], {
      explains: ['r/deploy', 'common/deploy'],
    });
    const deploy = cause('deploy', items, { identity: 'common/deploy' });
    const bound = bind(pack([runbook('r', ['s'], [lock, deploy])], signals), {});
    const found = (later: Outcome) =>
      outcomes(present('s'), present('blocker'), present('new'), later, absent('before'));
    const suspectsOf = (map: ReturnType<typeof found>) =>
      triage([bound], [diagnose(bound, 'r', map, NOW)], map, NOW).suspects.map(
        (each) => [each.cause, each.verdict, each.explainedBy?.cause] as const
      );
    expect(suspectsOf(found(absent('later'))).sort()).toEqual([
      ['deploy', 'likely', undefined],
      ['lock', 'likely', undefined],
    ]);
    expect(suspectsOf(found(unknown('later')))).toEqual([
      ['lock', 'likely', undefined],
      ['deploy', 'possible', 'lock'],
    ]);
  });

  it('is none without an onset and a contrast to ask for', () => {
    expect(weighed([evidence('plain', 'decisive')], [present('plain')], signals).verdict).toBe('possible');
  });
});

describe('a group of looks at one fact', () => {
  it('proves nothing while one of them speaks against the cause', () => {
    const items = [
      evidence('x', 'decisive', 'none', { group: 'g' }),
      evidence('y', 'strong', '-moderate', { group: 'g' }),
    ];
    expect(weighed(items, [present('x'), present('y')]).verdict).toBe('likely');
    expect(weighed(items, [present('x'), unknown('y')]).verdict).toBe('likely');
    expect(weighed(items, [present('x'), absent('y')]).verdict).toBe('possible');
  });
});

describe('witnesses', () => {
  const items = [evidence('x', 'strong'), evidence('y', 'strong')];
  const both = [present('x'), present('y')];

  it('have to be of different sources', () => {
    expect(weighed(items, both, [check('x')], { witnesses: 2 }).verdict).toBe('likely');
    expect(weighed(items, both, [check('x'), check('y')], { witnesses: 2 }).verdict).toBe('possible');
    expect(weighed(items, both, [check('x'), check('y')]).verdict).toBe('likely');
  });
});

describe('rows that evidence means', () => {
  const stale = (named: string) => [
    evidence('stale', 'decisive', '-decisive', { where: { table: { namedIn: [named] } } }),
    evidence('slow', 'weak'),
  ];
  const verdict = (query: string | undefined, ...tables: string[]) =>
    weighed(stale('slow.query'), [
      present('stale', { rows: tables.map((table) => ({ table })) }),
      present('slow', { rows: query === undefined ? [{ ms: 9 }] : [{ query }] }),
    ]).verdict;

  it('belong with those of another signal: the statement reads the table', () => {
    expect(verdict('SELECT * FROM "workflows" WHERE id = $1', 'workflows')).toBe('likely');
    expect(verdict('select * from public.Workflows', 'public.workflows')).toBe('likely');
    expect(verdict('SELECT * FROM tenants JOIN workflows USING (id)', 'other', 'workflows')).toBe('likely');
    expect(verdict('SELECT * FROM workflow_steps', 'workflow')).toBe('refuted');
  });

  it('support without proving while the other text is missing or cut off, and contradict nothing', () => {
    expect(verdict(undefined, 'workflows')).toBe('possible');
    expect(verdict('SELECT a, b, c …', 'workflows')).toBe('possible');
    const against = [evidence('x', 'decisive'), evidence('y', '-decisive', 'none', { where: { kind: { is: 'a' } } })];
    expect(weighed(against, [present('x'), present('y')]).verdict).toBe('likely');
    expect(weighed(against, [present('x'), present('y', { rows: [{ kind: 'a' }] })]).verdict).toBe('refuted');
    expect(weighed(against, [present('x'), present('y', { rows: [{ kind: 'b' }] })]).verdict).toBe('likely');
  });

  it('go first in the sentence', () => {
    const ranked = weighed(
      stale('slow.query'),
      [
        present('stale', { rows: [{ table: 'audit' }, { table: 'workflows' }] }),
        present('slow', { rows: [{ query: 'SELECT FROM workflows' }] }),
      ],
      [],
      { says: 'The table {{stale.table}} is stale' }
    );
    expect(ranked.says).toBe('The table workflows is stale');
  });

  it('may be needed for proof alone, or have to last', () => {
    const idle = [evidence('x', 'decisive', 'none', { proves: { idle: { above: 5 } } })];
    expect(weighed(idle, [present('x', { rows: [{ idle: 6 }] })]).verdict).toBe('likely');
    expect(weighed(idle, [present('x', { rows: [{ idle: 3 }] })]).verdict).toBe('possible');
    expect(weighed(idle, [present('x')]).verdict).toBe('possible');
    const lasting = [evidence('x', 'decisive', 'none', { lasting: 60 })];
    expect(weighed(lasting, [present('x', { since: NOW - 60_000 })]).verdict).toBe('likely');
    expect(weighed(lasting, [present('x', { since: NOW - 59_000 })]).verdict).toBe('possible');
    expect(weighed(lasting, [present('x')]).verdict).toBe('possible');
  });
});

describe('what is measured over a window', () => {
  const signals = [
    signal('x', { recent: 'x-now' }),
    signal('x-now'),
    signal('s', { recent: 's-now' }),
    signal('s-now'),
    check('now'),
  ];

  it('weighs nothing when it is over in the last part of the window', () => {
    const items = [evidence('x', 'decisive'), evidence('z', 'weak')];
    const found = (twin: Outcome) => weighed(items, [present('x'), present('z'), twin], signals);
    expect(found(present('x-now'))).toMatchObject({ verdict: 'likely' });
    expect(found(unknown('x-now'))).toMatchObject({ verdict: 'likely' });
    expect(found(absent('x-now'))).toMatchObject({ score: 2, verdict: 'unlikely' });
    const against = [evidence('z', 'decisive'), evidence('x', '-decisive')];
    expect(weighed(against, [present('z'), present('x'), absent('x-now')], signals).verdict).toBe('likely');
  });

  it('proves nothing while some symptom fades, unless it still holds', () => {
    const fading = (item: Evidence, ...more: Outcome[]) => {
      const bound = bind(pack([runbook('r', ['s', 't'], [cause('a', [item])])], signals), {});
      const found = outcomes(present('s'), absent('s-now'), present('t'), present(item.signal), ...more);
      return diagnose(bound, 'r', found, NOW).verdict;
    };
    expect(fading(evidence('old', 'decisive'))).toBe('possible');
    expect(fading(evidence('x', 'decisive'))).toBe('possible');
    expect(fading(evidence('x', 'decisive'), present('x-now'))).toBe('likely');
    expect(fading(evidence('now', 'decisive'))).toBe('likely');
  });
});

describe('a value near its threshold', () => {
  const near = [signal('x', { test: { above: 100 } })];
  const items = [evidence('x', 'decisive', '-decisive')];

  it('counts half, and neither proves nor refutes', () => {
    const at = (value: number, more: Partial<Outcome> = {}) =>
      weighed(items, [value > 100 ? present('x', { value, ...more }) : absent('x', { value })], near);
    expect(at(101).verdict).toBe('possible');
    expect(at(99).verdict).toBe('unlikely');
    expect(at(130).verdict).toBe('likely');
    expect(at(70).verdict).toBe('refuted');
  });

  it('moves the score a little when it moves a little, on each side of the threshold', () => {
    fc.assert(
      fc.property(fc.integer({ min: 80, max: 120 }), (value) => {
        const score = (at: number) =>
          weighed(items, [at > 100 ? present('x', { value: at }) : absent('x', { value: at })], near).score;
        fc.pre(value !== 100);
        expect(Math.abs(score(value + 1) - score(value))).toBeLessThanOrEqual(value > 100 ? 2.7 : 1.5);
      })
    );
  });
});

describe('what one runbook calls its trouble', () => {
  it('is in no other the reason, unless it decides', () => {
    const made = (band: 'strong' | 'decisive') => {
      const bound = bind(
        pack([runbook('r', ['s'], [cause('a', [evidence('pool', band)])]), runbook('q', ['pool'], [cause('b', [])])]),
        {}
      );
      return diagnose(bound, 'r', outcomes(present('s'), present('pool')), NOW).verdict;
    };
    expect(made('strong')).toBe('possible');
    expect(made('decisive')).toBe('likely');
  });
});

describe('as properties', () => {
  const ids = ['x', 'y', 'z', 'v', 'c'];
  const kinds = [signal('v', { viewOf: 's' }), signal('c', { change: {} })];
  const band = fc.constantFrom('decisive', 'strong', 'moderate', 'weak', 'none') as fc.Arbitrary<
    Evidence['present']['band']
  >;
  const items = fc.uniqueArray(
    fc
      .tuple(fc.constantFrom(...ids), band, band, fc.constantFrom(1 as const, -1 as const))
      .map(([id, whenPresent, whenAbsent, sign]): Evidence => ({
        signal: id,
        present: { band: whenPresent, sign },
        absent: { band: whenAbsent, sign: sign === 1 ? -1 : 1 },
      })),
    { selector: ({ signal: id }) => id, minLength: 1, maxLength: 5 }
  );
  const states = fc.tuple(...ids.map(() => fc.constantFrom('present', 'absent', 'unknown')));
  const found = (chosen: readonly string[]) =>
    ids.map((id, index) =>
      chosen[index] === 'present' ? present(id) : chosen[index] === 'absent' ? absent(id) : unknown(id)
    );

  it('no view and no change makes a cause likely', () => {
    fc.assert(
      fc.property(items, states, (list, chosen) => {
        const others = found(chosen).filter(({ signal: id }) => id !== 'v' && id !== 'c');
        const without = weighed(list, [...others, unknown('v'), unknown('c')], kinds);
        const proof = without.supports
          .filter(({ outcome }) => outcome.state === 'present')
          .reduce((sum, { weight }) => sum + weight, 0);
        const shown = weighed(list, [...others, present('v'), present('c')], kinds);
        if (shown.verdict === 'likely') {
          expect(proof).toBeGreaterThanOrEqual(10);
        }
      }),
      { numRuns: 500 }
    );
  });

  it('no unknown that turns known names a cause as likely without present proof', () => {
    fc.assert(
      fc.property(items, states, fc.constantFrom(...ids), (list, chosen, id) => {
        const later = found(chosen).map((outcome) => (outcome.signal === id ? absent(id) : outcome));
        const ranked = weighed(list, later, kinds);
        if (ranked.verdict === 'likely') {
          const proof = ranked.supports.filter(
            ({ outcome, signal: by }) => outcome.state === 'present' && by !== 'v' && by !== 'c'
          );
          expect(proof.reduce((sum, { weight }) => sum + weight, 0)).toBeGreaterThanOrEqual(10);
        }
      }),
      { numRuns: 500 }
    );
  });
});
