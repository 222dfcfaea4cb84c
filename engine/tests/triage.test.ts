import { describe, expect, it } from 'vitest';

import { bind, diagnose, triage, type Cause, type Outcome, type Runbook, type Triage } from '../src/index';
import { absent, cause, evidence, NOW, outcomes, pack, present, runbook, unknown } from './makePack';

function run(runbooks: readonly Runbook[], list: readonly Outcome[]): Triage {
  const bound = bind(pack(runbooks), {});
  const map = outcomes(...list);
  return triage(
    [bound],
    runbooks.map(({ id }) => diagnose(bound, id, map, NOW)),
    map,
    NOW
  );
}

const down = (id = 'postgres-down') =>
  cause(id, [evidence('pg-down', 'decisive', '-decisive')], {
    identity: 'common/postgres-down',
    says: 'Postgres refuses connections',
    explains: ['common/slow-statement', '*:slow-api', '*:queue-backlog'],
  });
const slowStatement = (id = 'slow-statement') =>
  cause(id, [evidence('statement-slow', 'strong', '-strong'), evidence('http-slow', 'weak', '-moderate')], {
    identity: 'common/slow-statement',
  });

/** A small estate: what a fault at the bottom looks like from four runbooks. */
const estate = [
  runbook(
    'api-errors',
    ['http-5xx'],
    [
      down(),
      cause('bad-deploy', [evidence('new-version', 'decisive', '-decisive'), evidence('http-5xx', 'weak')]),
      cause('panic', [evidence('panics', 'strong', '-strong'), evidence('http-5xx', 'moderate')]),
    ]
  ),
  runbook(
    'slow-api',
    ['http-slow'],
    [
      slowStatement(),
      cause('saturated', [evidence('cpu-high', 'strong', '-strong'), evidence('http-slow', 'moderate', '-strong')]),
    ]
  ),
  runbook(
    'queue-backlog',
    ['queue-deep'],
    [
      cause('too-few-workers', [
        evidence('queue-deep', 'moderate', '-strong'),
        evidence('workers-busy', 'moderate', '-moderate'),
      ]),
    ]
  ),
  runbook(
    'lock-contention',
    ['lock-waiters'],
    [
      cause(
        'idle-holder',
        [evidence('blocker-idle', 'decisive', '-decisive'), evidence('lock-waiters', 'weak', '-decisive')],
        { explains: ['*:slow-api', 'common/slow-statement'] }
      ),
    ]
  ),
];
const quiet = [
  'http-5xx',
  'http-slow',
  'queue-deep',
  'lock-waiters',
  'pg-down',
  'new-version',
  'panics',
  'statement-slow',
  'cpu-high',
  'workers-busy',
  'blocker-idle',
];
const world = (...changes: readonly Outcome[]) =>
  quiet.map((id) => changes.find(({ signal }) => signal === id) ?? absent(id));

describe('cascades', () => {
  const blinded = ['lock-waiters', 'blocker-idle', 'statement-slow', 'panics'].map((id) => unknown(id));

  it('leads with the stopped Postgres, while it blinds the checks of Postgres and makes everything above it fail', () => {
    const result = run(
      estate,
      world(
        present('http-5xx', { value: 1 }),
        present('http-slow'),
        present('queue-deep'),
        present('workers-busy'),
        present('pg-down'),
        ...blinded
      )
    );
    expect(result.suspects[0]).toMatchObject({ identity: 'common/postgres-down', verdict: 'likely' });
    expect(result.sentence).toBe('Postgres refuses connections.');
    expect(result.cover).toEqual([{ runbook: 'api-errors', cause: 'postgres-down' }]);
    expect(result.unexplained).toEqual([]);
    expect(result.suspects.find(({ cause: id }) => id === 'too-few-workers')?.explainedBy).toEqual({
      pack: 'p',
      runbook: 'api-errors',
      cause: 'postgres-down',
    });
    expect(result.suspects[0]?.explains).toContainEqual({ pack: 'p', runbook: 'slow-api', title: 'Runbook slow-api' });
    // What could not be seen is nobody's suspect, however decisive it would be.
    expect(result.suspects.map(({ cause: id }) => id)).not.toContain('idle-holder');
  });

  it('leads with the idle holder, and puts the slow statement that it causes behind it although that scores higher', () => {
    const result = run(
      estate,
      world(
        present('http-slow'),
        present('statement-slow', { margin: 900 }),
        present('lock-waiters'),
        present('blocker-idle')
      )
    );
    expect(result.suspects.map(({ cause: id }) => id).slice(0, 2)).toEqual(['idle-holder', 'slow-statement']);
    expect(result.suspects[1]?.explainedBy).toEqual({ pack: 'p', runbook: 'lock-contention', cause: 'idle-holder' });
  });

  it('keeps a decisively proven cause a suspect of its own, though its runbook is named as downstream', () => {
    const errors = runbook('api-errors', ['http-5xx'], [cause('bad-deploy', [evidence('new-version', 'decisive')])]);
    const root = runbook(
      'db',
      ['pg-down'],
      [cause('gone', [evidence('pg-down', 'decisive')], { explains: ['api-errors'] })]
    );
    const result = run([errors, root], [present('http-5xx'), present('new-version'), present('pg-down')]);
    expect(result.suspects.map(({ cause: id, explainedBy }) => [id, explainedBy])).toEqual([
      ['gone', undefined],
      ['bad-deploy', undefined],
    ]);
  });

  it('breaks circles of explanation in rank order', () => {
    const a = runbook('ra', ['s'], [cause('a', [evidence('x', 'decisive')], { explains: ['rb/b'] })]);
    const b = runbook('rb', ['s'], [cause('b', [evidence('y', 'strong')], { explains: ['ra/a'] })]);
    const result = run([a, b], [present('s'), present('x'), present('y')]);
    expect(result.suspects.map(({ cause: id, explainedBy }) => [id, explainedBy?.cause])).toEqual([
      ['a', undefined],
      ['b', 'a'],
    ]);
  });
});

describe('one cause in several runbooks', () => {
  it('is one suspect, as sure as where its case is strongest', () => {
    const weakly = cause('db', [evidence('pg-down', 'moderate')], { identity: 'common/postgres-down' });
    const result = run(
      [runbook('one', ['s'], [weakly]), runbook('two', ['s'], [down()])],
      [present('s'), present('pg-down')]
    );
    expect(result.suspects).toHaveLength(1);
    expect(result.suspects[0]).toMatchObject({ verdict: 'likely', says: 'Postgres refuses connections' });
  });

  const holder = (id: string, more: Partial<Cause> = {}) =>
    cause(id, [evidence('blocker-idle', 'decisive'), evidence('http-5xx', 'weak')], {
      identity: 'common/idle-holder',
      explains: ['*:api-errors', '*:slow-api'],
      ...more,
    });
  const homes = [
    runbook('api-errors', ['http-5xx'], [holder('holder'), cause('other', [evidence('panics', 'weak')])]),
    runbook('lock-contention', ['lock-waiters'], [holder('idle')]),
    runbook('slow-api', ['http-slow'], [holder('holder')]),
  ];

  it('opens the runbook that is not downstream of it, whatever else begins to fail', () => {
    const lock = [present('lock-waiters'), present('blocker-idle')];
    for (const more of [
      [],
      [present('http-5xx', { margin: 50 })],
      [present('http-slow')],
      [present('http-5xx'), present('http-slow')],
    ]) {
      const { suspects, cover } = run(homes, world(...lock, ...more));
      expect(suspects[0]).toMatchObject({ runbook: 'lock-contention', cause: 'idle', verdict: 'likely' });
      expect(suspects[0]?.alsoIn.map(({ runbook: id }) => id)).not.toContain('lock-contention');
      expect(suspects[0]?.alsoIn).toHaveLength(more.length);
      expect(cover).toEqual([{ runbook: 'lock-contention', cause: 'idle' }]);
    }
  });

  it('opens the runbook in which it is most common when none is downstream, else the first by name', () => {
    const both = (a: Partial<Cause>, b: Partial<Cause>) =>
      run(
        [
          runbook('a', ['s'], [holder('x', { explains: [], ...a })]),
          runbook('b', ['s'], [holder('y', { explains: [], ...b })]),
        ],
        [present('s'), present('blocker-idle')]
      ).suspects[0]?.runbook;
    expect(both({}, { prior: 'common' })).toBe('b');
    expect(both({}, {})).toBe('a');
  });
});

describe('causes of one pack', () => {
  /** Two packs that share a cause, `scope: pack`: each has one of its own. */
  const two = (identity: (pack: string) => string, explains: readonly string[] = []) => {
    const bounds = ['p', 'q'].map((id) => {
      const shared = cause('deploy', [evidence('new-version', 'decisive')], { identity: identity(id) });
      const stopped = cause('stopped', [evidence('down', 'decisive')], { explains });
      const made = pack([runbook('errors', ['s'], [shared, ...(id === 'p' ? [stopped] : [])])]);
      return bind({ ...made, id, runbooks: made.runbooks.map((item) => ({ ...item, pack: id })) }, {});
    });
    const map = new Map(
      ['s', 'new-version', 'down'].flatMap((id) => [
        [`p/${id}`, present(id)] as const,
        [`q/${id}`, present(id)] as const,
      ])
    );
    return triage(
      bounds,
      bounds.map((bound) => diagnose(bound, 'errors', map, NOW)),
      map,
      NOW
    ).suspects;
  };

  it('are as many suspects as there are packs, while a cause of the estate is one', () => {
    const apart = two((id) => `${id}:common/bad-deploy`).filter(({ cause: id }) => id === 'deploy');
    expect(apart.map(({ pack: id, alsoIn }) => [id, alsoIn.length])).toEqual([
      ['p', 0],
      ['q', 0],
    ]);
    const merged = two(() => 'common/bad-deploy').filter(({ cause: id }) => id === 'deploy');
    expect(merged.map(({ alsoIn }) => alsoIn.length)).toEqual([1]);
  });

  it.each([
    ['common/bad-deploy', ['p']],
    ['q:common/bad-deploy', ['q']],
    ['*:common/bad-deploy', ['p', 'q']],
  ])('%s in explains of p means that of %j', (name, packs) => {
    const found = two((id) => `${id}:common/bad-deploy`, [name]);
    expect(found.filter(({ explainedBy }) => explainedBy !== undefined).map(({ pack: id }) => id)).toEqual(packs);
  });
});

describe('nothing to act on', () => {
  it('is nothing-wrong only when every symptom is known and absent', () => {
    expect(run(estate, world())).toMatchObject({
      state: 'nothing-wrong',
      suspects: [],
      headline: { verdict: 'healthy', leaders: [], sentence: 'No known problem; 11 of 11 checked.' },
    });
  });

  it('is nothing-wrong-found, with what was not checked, when a symptom is unknown', () => {
    const result = run(
      estate,
      world(unknown('lock-waiters', { reason: 'no-permission', mend: 'GRANT pg_monitor TO lr' }))
    );
    expect(result.state).toBe('nothing-wrong-found');
    expect(result.headline.sentence).toBe('No problem found; 10 of 11 checked.');
    expect(result.sentence).toContain('GRANT pg_monitor TO lr');
    expect(result.signals).toEqual({ known: 10, total: 11 });
  });

  it('cannot be assessed when most symptoms are unknown', () => {
    const result = run(
      estate,
      quiet.map((id) => unknown(id))
    );
    expect(result).toMatchObject({ state: 'cannot-assess', suspects: [] });
    expect(run([], [])).toMatchObject({ state: 'cannot-assess' });
  });

  it('names the present symptoms that nobody explains', () => {
    const alone = run(
      [runbook('r', ['s'], [cause('a', [evidence('x', 'strong', '-strong')])])],
      [present('s'), absent('x')]
    );
    expect(alone).toMatchObject({ suspects: [], unexplained: [{ runbook: 'r', signal: 's' }], cover: [] });
    expect(alone.sentence).toContain('None of the listed causes fits');
  });
});

it('covers every present symptom with the fewest causes, likely ones first', () => {
  const wide = cause('wide', [evidence('x', 'moderate')], { explains: ['two', 'three'] });
  const result = run(
    [
      runbook('one', ['s1'], [wide]),
      runbook('two', ['s2'], [cause('b', [evidence('y', 'decisive')])]),
      runbook('three', ['s3'], [cause('c', [evidence('z', 'moderate')])]),
    ],
    [present('s1'), present('s2'), present('s3'), present('x'), present('y'), present('z')]
  );
  expect(result.cover).toEqual([
    { runbook: 'two', cause: 'b' },
    { runbook: 'one', cause: 'wide' },
  ]);
});
