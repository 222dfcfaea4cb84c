/** Causes of several components in one runbook: which of them steps back, on its page and on Triage. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  bind,
  diagnose,
  triage,
  type Arrow,
  type Outcome,
  type Pack,
  type RunbookDiagnosis,
  type Triage,
} from '../../src/index';
import { absent, cause, evidence, NOW, pack, present, runbook, signal, unknown } from '../makePack';

const at = (component: string, effect: NonNullable<ReturnType<typeof signal>['effect']>) => ({ at: component, effect });
const SIGNALS = [
  signal('slow', at('api', 'latency')),
  signal('failing', at('api', 'errors')),
  signal('timeouts', at('api', 'latency')),
  signal('cpu', { ...at('api', 'saturation'), own: true }),
  signal('version', { change: { onset: 'later', contrast: 'before' } }),
  signal('waiting', at('db', 'latency')),
  signal('down', at('db', 'unavailable')),
  signal('unreached', at('db', 'unavailable')),
  signal('full', at('db', 'saturation')),
  signal('deadlocks', at('db', 'data')),
  signal('evicting', at('cache', 'latency')),
];
const ARROWS: readonly Arrow[] = [
  { from: 'api', to: 'db', origin: 'declared' },
  { from: 'web', to: 'api', origin: 'declared' },
];

/** What is slow at the API may have its reason there, in the database, or in a cache that it does not use. */
const SLOW = runbook(
  'slow-api',
  ['slow', 'failing'],
  [
    cause('holder', [evidence('holds', 'strong', '-strong')], { at: 'db', effects: ['latency'] }),
    cause('stopped', [evidence('down', 'decisive', '-decisive')], { at: 'db', effects: ['unavailable'] }),
    cause('cold', [evidence('misses', 'strong', '-strong')], { at: 'cache', effects: ['latency'] }),
    cause('outside', [evidence('timeouts', 'strong', '-strong')], { at: 'api', effects: ['latency'] }),
    cause('route', [evidence('route', 'strong', '-strong')], { at: 'api', effects: ['latency'] }),
    cause('busy', [evidence('cpu', 'strong', '-strong')], { at: 'api', effects: ['latency'] }),
    cause('deploy', [evidence('version', 'strong', '-strong'), evidence('later', 'none'), evidence('before', 'none')], {
      at: 'api',
      effects: ['latency', 'errors'],
    }),
    cause('leak', [evidence('growing', 'moderate', '-strong'), evidence('full', 'weak')], {
      at: 'api',
      effects: ['latency'],
      presses: [{ kind: 'database', effect: 'saturation' }],
    }),
  ],
  { of: 'api' }
);

function estate(arrows: readonly Arrow[] = ARROWS): Pack {
  const component = (id: string, kinds: readonly string[] = []) => ({ id, title: `the ${id}`, kinds });
  return {
    ...pack([SLOW], SIGNALS),
    components: [component('web'), component('api'), component('db', ['database']), component('cache')],
    arrows,
  };
}

interface Looked {
  readonly diagnosis: RunbookDiagnosis;
  readonly triage: Triage;
}

/** Every signal that is not given is absent. */
function look(given: readonly Outcome[], arrows?: readonly Arrow[]): Looked {
  const made = estate(arrows);
  const outcomes = new Map(
    Object.keys(made.signals).map((id) => [`p/${id}`, given.find((outcome) => outcome.signal === id) ?? absent(id)])
  );
  const bound = bind(made, {});
  const diagnosis = diagnose(bound, 'slow-api', outcomes, NOW);
  return { diagnosis, triage: triage([bound], [diagnosis], outcomes, NOW) };
}

const verdictOf = ({ diagnosis }: Looked, id: string) => diagnosis.causes.find((found) => found.id === id)?.verdict;
const behind = ({ diagnosis }: Looked, id: string) => diagnosis.causes.find((found) => found.id === id)?.explainedBy;
const stands = ({ triage: { suspects } }: Looked) =>
  suspects.flatMap(({ cause: id, explainedBy }) => (explainedBy === undefined ? [id] : []));

const slow = present('slow');
const locked = [present('waiting'), present('holds')];

describe('a likely cause at a dependency', () => {
  const outside = [slow, present('timeouts')];

  it('goes before a cause whose case is what comes from there, in place and not in score', () => {
    const alone = look(outside);
    const both = look([...outside, ...locked]);
    expect(alone.diagnosis.leaders).toEqual(['outside']);
    expect(both.diagnosis.leaders).toEqual(['holder']);
    expect(behind(both, 'outside')).toEqual({ cause: 'holder', title: 'Title of holder' });
    expect(verdictOf(both, 'outside')).toBe('likely');
    const scoreIn = ({ diagnosis }: Looked) => diagnosis.causes.find(({ id }) => id === 'outside')?.score;
    expect(scoreIn(both)).toBe(scoreIn(alone));
    expect(stands(both)).toEqual(['holder']);
  });

  it('leaves a cause beside it that has ten decibans of proof of its own', () => {
    const both = look([slow, present('route'), ...locked]);
    expect([...both.diagnosis.leaders].sort()).toEqual(['holder', 'route']);
    expect(stands(both).sort()).toEqual(['holder', 'route']);
  });

  it('leaves one whose proof no other component brings about', () => {
    expect(stands(look([slow, present('cpu'), ...locked])).sort()).toEqual(['busy', 'holder']);
  });

  it('explains a change as well: what the dependency does would have begun with it', () => {
    const both = look([slow, present('version'), ...locked]);
    expect(both.diagnosis.leaders).toEqual(['holder']);
    expect(stands(both)).toEqual(['holder']);
  });

  it('explains nothing where no signal shows its effect, nor what does not come over the arrow', () => {
    expect(stands(look([...outside, present('holds')])).sort()).toEqual(['holder', 'outside']);
    const narrow: Arrow[] = [{ from: 'api', to: 'db', origin: 'declared', carries: ['errors'] }];
    expect(stands(look([...outside, ...locked], narrow)).sort()).toEqual(['holder', 'outside']);
  });

  it('explains nothing that was there clearly before it', () => {
    const early = [present('slow', { since: NOW - 3_600_000 }), present('timeouts', { since: NOW - 3_600_000 })];
    const late = locked.map((outcome) => ({ ...outcome, since: NOW - 60_000 }));
    expect(stands(look([...early, ...late])).sort()).toEqual(['holder', 'outside']);
  });

  it('explains nothing at a component that does not depend on its own', () => {
    const cold = [present('evicting'), present('misses')];
    expect(stands(look([...outside, ...cold])).sort()).toEqual(['cold', 'outside']);
    expect(stands(look([slow, ...cold, ...locked])).sort()).toEqual(['cold', 'holder']);
  });
});

describe('trouble at a dependency for which no cause is likely', () => {
  it('keeps a cause from being likely, or from leading, whose case may be what comes from there', () => {
    const hidden = look([slow, present('timeouts'), present('waiting')]);
    expect(hidden.diagnosis.leaders).toEqual([]);
    expect(verdictOf(hidden, 'outside')).toBe('possible');
    expect(behind(hidden, 'outside')).toEqual({
      component: 'db',
      title: 'Trouble at the db, and the reason is not found',
    });
    expect(hidden.diagnosis.sentence).toBe(
      'Signal slow. Trouble at the db, and the reason is not found: Signal waiting. What else is possible may come from there.'
    );
  });

  it('is a suspect of its own on Triage, before that cause', () => {
    const { suspects } = look([slow, present('timeouts'), present('waiting')]).triage;
    expect(suspects.map(({ cause: id, verdict, explainedBy }) => [id, verdict, explainedBy?.cause])).toEqual([
      ['reason-not-found', 'possible', undefined],
      ['outside', 'possible', 'reason-not-found'],
    ]);
    expect(suspects[0]?.says).toBe('Trouble at the db, and the reason is not found: Signal waiting');
  });

  it('leaves a cause that is proven by itself, and is then no suspect', () => {
    const found = look([slow, present('route'), present('waiting')]);
    expect(found.diagnosis.leaders).toEqual(['route']);
    expect(verdictOf(found, 'route')).toBe('likely');
    expect(stands(found)).toEqual(['route']);
  });

  it('leaves a change that the harm began with, which may be the reason of both, unless the dependency is down', () => {
    const deployed = [slow, present('version')];
    expect(look([...deployed, present('waiting')]).diagnosis).toMatchObject({ leaders: ['deploy'], verdict: 'likely' });
    const gone = look([...deployed, present('unreached')]);
    expect(gone.diagnosis.leaders).toEqual([]);
    expect(verdictOf(gone, 'deploy')).toBe('possible');
  });

  it('explains no cause that may press on the dependency', () => {
    const found = look([slow, present('growing'), present('full')]);
    expect(found.diagnosis.leaders).toEqual(['leak']);
    expect(stands(found)).toEqual(['leak']);
  });

  it('is nothing while the dependency is well, or nobody could ask it', () => {
    const seen = [slow, present('timeouts')];
    expect(look(seen).diagnosis.leaders).toEqual(['outside']);
    const blind = ['waiting', 'down', 'unreached', 'full', 'deadlocks'].map((id) => unknown(id));
    expect(look([...seen, ...blind]).diagnosis.leaders).toEqual(['outside']);
  });
});

describe('as properties', () => {
  const ids = [...SIGNALS.map(({ id }) => id), 'holds', 'misses', 'route', 'later', 'before', 'growing'];
  const given = fc
    .uniqueArray(fc.constantFrom(...ids), { maxLength: 6 })
    .map((chosen) => chosen.map((id) => present(id)));

  it('arrows change no score, raise no verdict, and lower one at most to possible', () => {
    fc.assert(
      fc.property(given, (found) => {
        const [with_, without] = [look(found), look(found, [])];
        for (const { id, score, verdict } of without.diagnosis.causes) {
          const there = with_.diagnosis.causes.find((each) => each.id === id);
          expect(there?.score).toBe(score);
          expect([verdict, verdict === 'likely' ? 'possible' : verdict]).toContain(there?.verdict);
        }
      })
    );
  });

  it('what steps back on the page of the runbook leads nowhere on Triage', () => {
    fc.assert(
      fc.property(given, (found) => {
        const looked = look(found);
        const explained = looked.diagnosis.causes.filter(({ explainedBy }) => explainedBy !== undefined);
        expect(explained.map(({ id }) => id).filter((id) => stands(looked).includes(id))).toEqual([]);
        expect(looked.diagnosis.leaders.filter((id) => !stands(looked).includes(id))).toEqual([]);
      }),
      { numRuns: 300 }
    );
  });

  it('an arrow that is added lets no unrelated cause lead', () => {
    fc.assert(
      fc.property(given, (found) => {
        const before = look(found, []);
        const after = look(found);
        const known = new Set(before.triage.suspects.map(({ cause: id }) => id));
        // What the arrow points at may turn out to be the trouble.
        expect(stands(after).filter((id) => !known.has(id) && id !== 'reason-not-found')).toEqual([]);
      })
    );
  });
});
