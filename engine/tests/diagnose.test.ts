import { describe, expect, it } from 'vitest';

import {
  bind,
  diagnose,
  runbookHeadline,
  triage,
  type Cause,
  type Evidence,
  type Outcome,
  type RunbookDiagnosis,
  type Signal,
} from '../src/index';
import { absent, cause, evidence, NOW, outcomes, pack, present, runbook, signal, unknown } from './makePack';

function run(
  causes: readonly Cause[],
  list: readonly Outcome[],
  signals: readonly Signal[] = [],
  symptoms = ['s']
): RunbookDiagnosis {
  return diagnose(bind(pack([runbook('r', symptoms, causes)], signals), {}), 'r', outcomes(...list), NOW);
}

const byId = (diagnosis: RunbookDiagnosis, id: string) => {
  const found = diagnosis.causes.find((item) => item.id === id);
  if (!found) {
    throw new Error(`no cause ${id}`);
  }
  return found;
};

describe('the symptoms gate', () => {
  const ready = [cause('a', [evidence('x', 'decisive')])];

  it('names no suspect when every symptom is absent, however ready a cause stands', () => {
    const diagnosis = run(ready, [absent('s'), present('x')]);
    expect(diagnosis).toMatchObject({ state: 'healthy', leaders: [], verdict: 'unlikely' });
    expect(byId(diagnosis, 'a').verdict).toBe('unlikely');
    expect(diagnosis.sentence).toBe('Its symptom was checked and is absent.');
  });

  it('is never healthy while a symptom is unknown', () => {
    const diagnosis = run(ready, [unknown('s'), present('x'), absent('s2')], [], ['s', 's2']);
    expect(diagnosis).toMatchObject({ state: 'unknown', leaders: [], verdict: 'cannot-assess' });
    expect(diagnosis.sentence).toBe('1 of its 2 symptoms could not be checked; the others are absent.');
    expect(diagnosis.nextCheck?.signal).toBe('s');
  });

  it('treats a signal without an outcome as unknown', () => {
    expect(run(ready, []).state).toBe('unknown');
  });

  it.each<[Outcome['reason'], string]>([
    ['timeout', 'nothing-found'],
    ['no-permission', 'nothing-found'],
    ['not-configured', 'healthy'],
    ['no-series', 'healthy'],
    ['not-applicable', 'healthy'],
  ])(
    'says that nothing is wrong, or only that nothing was found, beside evidence that is unknown: %s',
    (reason, verdict) => {
      const diagnosis = run(ready, [absent('s'), unknown('x', { reason })]);
      expect(diagnosis.state).toBe('healthy');
      expect(runbookHeadline(diagnosis).verdict).toBe(verdict);
    }
  );

  it('is not healthy when its symptoms do not apply', () => {
    expect(run(ready, [unknown('s', { reason: 'not-applicable' })]).state).toBe('unknown');
  });
});

describe('scores', () => {
  it('adds the bands of present and absent signals to the prior', () => {
    const diagnosis = run(
      [cause('a', [evidence('x', 'strong'), evidence('y', 'weak', '-moderate')], { prior: 'common' })],
      [present('s'), present('x'), absent('y')]
    );
    expect(byId(diagnosis, 'a')).toMatchObject({ score: 2 + 10 - 5, interval: [7, 7], prior: 2, verdict: 'possible' });
  });

  it('counts correlated signals once: a group is capped at its strongest band', () => {
    const grouped = { group: 'pool' };
    const items = [
      evidence('x', 'strong', '-weak', grouped),
      evidence('y', 'strong', '-weak', grouped),
      evidence('z', 'moderate', 'none', grouped),
    ];
    const diagnosis = run([cause('a', items)], [present('s'), present('x'), present('y'), present('z')]);
    expect(byId(diagnosis, 'a').score).toBe(10);
    expect(byId(run([cause('a', items)], [present('s'), absent('x'), absent('y'), absent('z')]), 'a').score).toBe(-2);
  });

  it('lets a weight grow with the margin and with time, by a quarter at most', () => {
    const items = [cause('a', [evidence('x', 'strong')])];
    const score = (more: Partial<Outcome>) => byId(run(items, [present('s'), present('x', more)]), 'a').score;
    expect(score({})).toBe(10);
    expect(score({ margin: 1 })).toBeGreaterThan(10);
    expect(score({ margin: 9 })).toBeGreaterThan(score({ margin: 1 }));
    expect(score({ margin: 9, since: NOW - 600_000 })).toBeGreaterThan(score({ margin: 9 }));
    expect(score({ margin: 1e9, since: 0 })).toBeLessThanOrEqual(12.5);
  });

  it('gives a bonus to the cause whose signal began before the symptom', () => {
    const causes = [cause('early', [evidence('x', 'moderate')]), cause('late', [evidence('y', 'moderate')])];
    const diagnosis = run(causes, [
      present('s', { since: NOW - 60_000 }),
      present('x', { since: NOW - 61_000 - 5_000 }),
      present('y', { since: NOW - 55_000 }),
    ]);
    expect(diagnosis.causes[0]?.id).toBe('early');
    expect(byId(diagnosis, 'early').score - byId(diagnosis, 'late').score).toBeGreaterThan(1);
    expect(diagnosis.since).toBe(NOW - 60_000);
  });

  it('refutes a cause by one decisive absence, whatever speaks for it', () => {
    const diagnosis = run(
      [cause('a', [evidence('x', 'decisive'), evidence('y', 'strong'), evidence('z', 'none', '-decisive')])],
      [present('s'), present('x'), present('y'), absent('z')]
    );
    expect(byId(diagnosis, 'a').verdict).toBe('refuted');
    expect(diagnosis.leaders).toEqual([]);
    expect(byId(diagnosis, 'a').contradicts[0]?.signal).toBe('z');
  });
});

describe('unknown evidence', () => {
  it('weighs nothing and widens the interval', () => {
    const diagnosis = run([cause('a', [evidence('x', 'strong', '-moderate')])], [present('s'), unknown('x')]);
    expect(byId(diagnosis, 'a')).toMatchObject({ score: 0, verdict: 'cannot-assess' });
    expect(byId(diagnosis, 'a').interval[0]).toBe(-5);
    expect(byId(diagnosis, 'a').interval[1]).toBeGreaterThanOrEqual(10);
    expect(byId(diagnosis, 'a').unknown[0]).toMatchObject({ signal: 'x', weight: 0, worst: -5, best: 12.5 });
  });

  it('never shares the lead with a proven cause, however wide its interval is', () => {
    const diagnosis = run(
      [
        cause('proven', [evidence('x', 'decisive')]),
        cause('blind', [evidence('u', 'decisive'), evidence('v', 'decisive')]),
      ],
      [present('s'), present('x'), unknown('u'), unknown('v')]
    );
    expect(diagnosis.leaders).toEqual(['proven']);
    expect(diagnosis.verdict).toBe('likely');
  });

  it('makes the runbook abstain when too little is known', () => {
    const diagnosis = run(
      [cause('a', [evidence('x', 'decisive')])],
      [present('s', { value: 3 }), unknown('x', { reason: 'not-configured' })]
    );
    expect(diagnosis).toMatchObject({
      leaders: [],
      verdict: 'cannot-assess',
      noneOfThese: { verdict: 'cannot-assess' },
    });
    expect(diagnosis.sentence).toBe('Signal s: 3. No cause can be named: 1 of 2 signals could not be checked.');
    expect(diagnosis.nextCheck?.signal).toBe('x');
  });

  it('leaves out of the count what does not apply', () => {
    const diagnosis = run(
      [cause('a', [evidence('x', 'decisive'), evidence('y', 'strong')])],
      [present('s'), present('x'), unknown('y', { reason: 'not-applicable' })]
    );
    expect(diagnosis.coverage).toEqual({ known: 2, total: 2, failed: 0 });
    expect(diagnosis.notChecked).toBeUndefined();
    expect(byId(diagnosis, 'a').interval).toEqual([13, 13]);
  });

  it('lends no strength to a cause that only the symptom and mild absences speak for', () => {
    const diagnosis = run(
      [
        cause('a', [evidence('s', 'moderate'), evidence('x', '-weak', 'moderate'), evidence('u', 'decisive')], {
          prior: 'common',
        }),
      ],
      [present('s'), absent('x'), unknown('u')]
    );
    expect(diagnosis.leaders).toEqual([]);
    expect(diagnosis.verdict).not.toBe('likely');
  });

  it('calls likely only what something present of its own proves: not what is left over', () => {
    const verdict = (items: readonly Evidence[], found: readonly Outcome[], signals: readonly Signal[] = []) =>
      byId(
        diagnose(
          bind(pack([runbook('r', ['s'], [cause('a', items)])], signals), {}),
          'r',
          outcomes(present('s'), ...found),
          NOW
        ),
        'a'
      ).verdict;
    // By exclusion alone, however strong.
    expect(
      verdict([evidence('x', 'none', 'strong'), evidence('y', 'none', 'strong')], [absent('x'), absent('y')])
    ).toBe('possible');
    // By the symptom and exclusion.
    expect(verdict([evidence('s', 'strong'), evidence('y', 'none', 'strong')], [absent('y')])).toBe('possible');
    // A signal that shows the symptom closer is no proof of a cause either.
    const closer = [evidence('x', 'strong'), evidence('y', 'none', 'moderate')];
    expect(verdict(closer, [present('x'), absent('y')])).toBe('likely');
    expect(verdict(closer, [present('x'), absent('y')], [signal('x', { viewOf: 's' })])).toBe('possible');
    // Two moderate ones weigh as much as a strong one, unless they are one fact seen twice.
    expect(verdict([evidence('x', 'moderate'), evidence('y', 'moderate')], [present('x'), present('y')])).toBe(
      'likely'
    );
    expect(
      verdict(
        [
          evidence('x', 'moderate', 'none', { group: 'g' }),
          evidence('y', 'moderate', 'none', { group: 'g' }),
          evidence('z', 'none', 'strong'),
        ],
        [present('x'), present('y'), absent('z')]
      )
    ).toBe('possible');
  });

  it('needs decisive support or half of the evidence for "likely"', () => {
    const items = [evidence('x', 'strong'), evidence('u', 'strong'), evidence('v', 'strong')];
    expect(byId(run([cause('a', items)], [present('s'), present('x'), unknown('u'), unknown('v')]), 'a').verdict).toBe(
      'possible'
    );
    expect(byId(run([cause('a', items)], [present('s'), present('x'), absent('u'), unknown('v')]), 'a').verdict).toBe(
      'likely'
    );
  });
});

describe('the answer', () => {
  const two = [
    cause('a', [evidence('x', 'strong'), evidence('u', 'strong', '-strong'), evidence('w', 'weak')]),
    cause('b', [evidence('x', 'strong'), evidence('u', '-strong', 'moderate'), evidence('v', 'weak')]),
  ];

  it('is "A or B" when the intervals of the leaders overlap, with the signal that decides', () => {
    const diagnosis = run(two, [present('s'), present('x'), unknown('u'), unknown('v'), unknown('w')]);
    expect(diagnosis.leaders).toEqual(['a', 'b']);
    expect(diagnosis.nextCheck).toMatchObject({ signal: 'u', separates: ['a', 'b'] });
    expect(diagnosis.sentence).toBe('Title of a or Title of b; "Signal u" decides.');
  });

  it('prefers the cheaper of two checks that change the gap alike', () => {
    const causes = [
      cause('a', [evidence('x', 'strong'), evidence('u', 'strong'), evidence('v', 'strong')]),
      cause('b', [evidence('x', 'strong')]),
    ];
    const list = [present('s'), present('x'), unknown('u'), unknown('v')];
    expect(run(causes, list, [signal('u', { cost: 4 })]).nextCheck?.signal).toBe('v');
    expect(run(causes, list, [signal('v', { cost: 4 })]).nextCheck?.signal).toBe('u');
  });

  it('is one cause once the deciding signal is known', () => {
    expect(run(two, [present('s'), present('x'), present('u'), absent('v'), absent('w')]).leaders).toEqual(['a']);
    expect(run(two, [present('s'), present('x'), absent('u'), absent('v'), absent('w')]).leaders).toEqual(['b']);
  });

  it('says none of these when what is known speaks against every cause', () => {
    const diagnosis = run(
      [cause('a', [evidence('x', 'strong', '-moderate')])],
      [present('s', { value: 7 }), absent('x')]
    );
    expect(diagnosis).toMatchObject({ leaders: [], verdict: 'unlikely', noneOfThese: { verdict: 'likely' } });
    expect(diagnosis.sentence).toBe('Signal s: 7. None of the listed causes fits.');
  });

  it('names the strongest contradiction and what was not checked, with its mend', () => {
    const diagnosis = run(
      [
        cause('a', [
          evidence('x', 'decisive'),
          evidence('y', 'weak', '-moderate'),
          evidence('z', 'none', '-weak'),
          evidence('u', 'weak'),
        ]),
      ],
      [
        present('s'),
        present('x'),
        absent('y', { value: 0.2, unit: 's' }),
        absent('z'),
        unknown('u', { reason: 'no-permission', mend: 'GRANT pg_monitor TO lr' }),
      ]
    );
    expect(diagnosis.against).toBe('Signal y: 200 ms');
    expect(diagnosis.notChecked).toBe(
      '1 of 5 signals was not checked. Prometheus refused permission: GRANT pg_monitor TO lr.'
    );
  });

  it('puts a cause behind the one beside it that explains it', () => {
    const causes = [
      cause('root', [evidence('x', 'decisive')], { explains: ['r/effect'] }),
      cause('effect', [evidence('y', 'decisive'), evidence('z', 'strong')]),
    ];
    const diagnosis = run(causes, [present('s'), present('x'), present('y'), present('z')]);
    expect(diagnosis.leaders).toEqual(['root']);
    expect(diagnosis.causes.map(({ id }) => id)).toEqual(['root', 'effect']);
  });

  it('does not let a weaker cause push a surer one back', () => {
    const causes = [
      cause('maybe', [evidence('x', 'moderate')], { explains: ['r/sure'] }),
      cause('sure', [evidence('y', 'decisive')]),
    ];
    expect(run(causes, [present('s'), present('x'), present('y')]).leaders).toEqual(['sure']);
  });

  it('says the title of a cause rather than a sentence with an unknown in it', () => {
    const items = [
      evidence('x', 'strong', 'none', { says: '{{x}} and {{y.pid}} of them' }),
      evidence('y', 'strong'),
      evidence('z', 'strong', '-moderate'),
    ];
    const says = 'The logs hold {{y}} timeouts of {{x}}[[ and {{z}} panics]]';
    const of = (...found: Outcome[]) =>
      byId(run([cause('a', items, { says })], [present('s'), present('x', { value: 2 }), ...found]), 'a');
    expect(of(unknown('y'), present('z', { value: 7 })).says).toBe('Title of a');
    expect(of(unknown('y'), present('z', { value: 7 })).supports.map((item) => item.says)).toContain('Signal x: 2');
    expect(of(present('y', { value: 3, rows: [{ pid: 9 }] }), unknown('z')).says).toBe('The logs hold 3 timeouts of 2');
    expect(of(present('y', { value: 3, rows: [{ pid: 9 }] })).supports.map((item) => item.says)).toContain(
      '2 and 9 of them'
    );
  });

  it('speaks with the facts of the worst row, and drops the clauses that it cannot fill', () => {
    const says =
      '{{x.pid}} holds the lock[[ of {{x.relation}}]][[ for {{x.idleSeconds | duration}}]] and {{s | count}} wait';
    const diagnosis = run(
      [cause('a', [evidence('x', 'decisive')], { says })],
      [present('s', { value: 14 }), present('x', { rows: [{ pid: 4711, idleSeconds: 380 }, { pid: 1 }] })]
    );
    expect(diagnosis.sentence).toBe('4711 holds the lock for 6 min 20 s and 14 wait.');
  });
});

describe('a symptom that fades', () => {
  const signals = [signal('s', { recent: 's-now', title: 'Share of 5xx' }), signal('s-now'), signal('t')];
  const of = (symptoms: readonly string[], ...found: Outcome[]) =>
    run([cause('a', [evidence('x', 'decisive')], { says: 'It is a' })], found, signals, [...symptoms]);
  const before = present('s', { value: 0.12, unit: 'percentunit' });

  it('is a problem still, and names no suspect: what is left in the window tells of the past', () => {
    const diagnosis = of(['s'], before, present('x'), absent('s-now'));
    expect(diagnosis).toMatchObject({ state: 'problem', recovering: true, leaders: [], verdict: 'cannot-assess' });
    expect(diagnosis.causes[0]?.verdict).toBe('cannot-assess');
    expect(diagnosis.nextCheck).toBeUndefined();
    expect(diagnosis.sentence).toBe(
      'Over in the last part of the window, and fading: Share of 5xx: 12 %. No cause is named meanwhile.'
    );
  });

  it('keeps a refuted cause refuted', () => {
    const diagnosis = run(
      [cause('a', [evidence('x', 'none', '-decisive')])],
      [before, absent('x'), absent('s-now')],
      signals
    );
    expect(diagnosis.causes[0]?.verdict).toBe('refuted');
  });

  it.each([
    ['it still shows', of(['s'], before, present('x'), present('s-now'))],
    ['whether it still shows is not known', of(['s'], before, present('x'), unknown('s-now'))],
    ['whether it still shows was not asked', of(['s'], before, present('x'))],
  ])('does not when %s', (_, diagnosis) => {
    expect(diagnosis).toMatchObject({ state: 'problem', leaders: ['a'], verdict: 'likely' });
    expect(diagnosis.recovering).toBeUndefined();
  });

  it('leaves at most a possible cause when another symptom does not fade', () => {
    const diagnosis = of(['s', 't'], before, present('t'), present('x'), absent('s-now'));
    expect(diagnosis).toMatchObject({ state: 'problem', leaders: ['a'], verdict: 'possible' });
    expect(diagnosis.recovering).toBeUndefined();
  });

  it('is said of the whole only when nothing else is wrong', () => {
    const two = (...found: Outcome[]) => {
      const made = pack(
        [
          runbook('r', ['s'], [cause('a', [evidence('x', 'decisive')])]),
          runbook('q', ['t'], [cause('b', [evidence('y', 'none', 'weak')])]),
        ],
        signals
      );
      const bound = bind(made, {});
      const map = outcomes(...found);
      const diagnoses = ['r', 'q'].map((id) => diagnose(bound, id, map, NOW));
      return triage([bound], diagnoses, map, NOW);
    };
    const calm = two(before, present('x'), absent('s-now'), absent('t'), absent('y'));
    expect(calm).toMatchObject({ state: 'problem', recovering: true, suspects: [], unexplained: [] });
    expect(calm.sentence).toMatch(/^Over in the last part of the window/);
    const other = two(before, present('x'), absent('s-now'), present('t'), absent('y'));
    expect(other.recovering).toBeUndefined();
    expect(other.sentence).toMatch(/^Signal t/);
    expect(other.unexplained).toEqual([{ runbook: 'q', signal: 't' }]);
  });
});

it('refuses a runbook that the pack does not have', () => {
  expect(() => diagnose(bind(pack([]), {}), 'nope', new Map(), NOW)).toThrow('no runbook nope');
});
