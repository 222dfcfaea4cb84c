/**
 * What no pack writes, because it follows from the arrows: what speaks against causes at who depends on a component that is in trouble.
 * The situations are made of the tests that the packs carry. Of two tests of one runbook, in one of which a cause at a dependency is
 * proven and in the other a cause at who depends on it leads, both are given at once; and of the second alone, each signal that shows
 * trouble at a dependency, without any reason for it.
 */
import {
  bind,
  diagnose,
  triage,
  type BoundPack,
  type Cause,
  type Effect,
  type GivenOutcome,
  type OutcomeMap,
  type Pack,
  type PackTest,
  type RankedCause,
  type Runbook,
  type RunbookDiagnosis,
} from '@live-runbooks/engine';
import { givenOutcomes, runTest } from '@live-runbooks/engine/authoring';
import { describe, expect, it } from 'vitest';

import { SHIPPED_PACKS } from './shippedPacks';
import { isProvenByItself, TRAVELS } from './travels';

type Given = Readonly<Record<string, GivenOutcome>>;

/** A cause, and a test of the runbook in which it leads. */
interface Led {
  readonly cause: Cause;
  readonly place: string;
  readonly test: PackTest;
}

const NOW = Date.UTC(2025, 0, 1);
const placeOf = (runbook: Runbook, cause: Cause) => cause.at ?? runbook.of ?? '';
const find = ({ causes }: RunbookDiagnosis, id: string) => causes.find((cause) => cause.id === id);

/** The tests of a runbook in which a cause leads, alone. */
function ledTests(pack: Pack, runbook: Runbook): Led[] {
  return runbook.tests.flatMap((test): Led[] => {
    const cause = runbook.causes.find(({ id }) => id === test.expect.top);
    return cause === undefined || test.rest === 'unknown' ? [] : [{ cause, place: placeOf(runbook, cause), test }];
  });
}

/** The components that depend on one, over however many arrows, with the effects that may come there. */
function reachOf(pack: Pack, from: string, effects: readonly Effect[]): ReadonlyMap<string, ReadonlySet<Effect>> {
  const reached = new Map<string, Set<Effect>>();
  const walk = (place: string, effect: Effect) => {
    if (reached.get(place)?.has(effect) === true) {
      return;
    }
    reached.set(place, (reached.get(place) ?? new Set()).add(effect));
    for (const { from: consumer, carries, drains } of (pack.arrows ?? []).filter(({ to }) => to === place)) {
      const coming = drains === true ? (['backlog'] as const) : TRAVELS[effect];
      coming.filter((each) => carries?.includes(each) ?? true).forEach((each) => walk(consumer, each));
    }
  };
  effects.forEach((effect) => walk(from, effect));
  return reached;
}

interface Looked {
  readonly diagnosis: RunbookDiagnosis;
  /** Those that nothing explains, on the page of the runbook and on Triage. */
  readonly leads: readonly RankedCause[];
  readonly stands: ReadonlySet<string>;
}

function look(bound: BoundPack, runbook: Runbook, given: Given): Looked {
  const outcomes: OutcomeMap = givenOutcomes(bound.pack, { given, rest: 'absent' });
  const diagnoses = bound.pack.runbooks.map(({ id }) => diagnose(bound, id, outcomes, NOW));
  const diagnosis = diagnoses.find((each) => each.runbook === runbook.id);
  if (diagnosis === undefined) {
    throw new Error(`no diagnosis of ${runbook.id}`);
  }
  const { suspects } = triage([bound], diagnoses, outcomes, NOW);
  return {
    diagnosis,
    leads: diagnosis.causes.filter(({ id }) => diagnosis.leaders.includes(id)),
    stands: new Set(suspects.flatMap(({ identity, explainedBy }) => (explainedBy === undefined ? [identity] : []))),
  };
}

/** Both at once; what is seen at the dependency is as the first test says. */
function both(pack: Pack, dependency: Led, consumer: Led): Given {
  const seenThere = Object.entries(dependency.test.given).filter(
    ([id]) =>
      pack.signals[id]?.at === dependency.place ||
      !Object.hasOwn(consumer.test.given, id) ||
      consumer.test.given[id]?.state !== 'present'
  );
  return { ...consumer.test.given, ...Object.fromEntries(seenThere) };
}

for (const pack of SHIPPED_PACKS) {
  const bound = bind(pack, {});
  for (const runbook of pack.runbooks) {
    const led = ledTests(pack, runbook);
    // What comes there has to show at the component of the cause, and in a symptom of the runbook.
    const consumersOf = (place: string, effects: readonly Effect[]) => {
      const reach = reachOf(pack, place, effects);
      return led.filter(({ place: other, test }) => {
        const shown = Object.entries(test.given).flatMap(([id, { state }]) => {
          const { effect, at } = pack.signals[id] ?? {};
          return state === 'present' && effect !== undefined && at !== undefined && reach.get(at)?.has(effect) === true
            ? [{ id, at }]
            : [];
        });
        const isSymptom = shown.some(({ id }) => runbook.symptoms.includes(id));
        return other !== place && isSymptom && shown.some(({ at }) => at === other);
      });
    };
    const proven = led.filter(({ test }) => test.expect.verdict === 'likely');
    const pairs = proven.flatMap((dependency) =>
      consumersOf(dependency.place, dependency.cause.effects ?? []).map((consumer) => ({ dependency, consumer }))
    );
    describe.runIf(pairs.length > 0)(`${pack.id}/${runbook.id}: a proven cause at a dependency`, () => {
      it.each(pairs)('$dependency.test.name / $consumer.test.name', ({ dependency, consumer }) => {
        const { diagnosis, leads, stands } = look(bound, runbook, both(pack, dependency, consumer));
        const upstream = find(diagnosis, dependency.cause.id);
        if (upstream?.verdict !== 'likely') {
          // What the other test gives speaks against it: then it is not proven.
          expect(upstream?.contradicts).not.toEqual([]);
          return;
        }
        const ranked = find(diagnosis, consumer.cause.id);
        const others = leads.filter((cause) => !isProvenByItself(pack, cause)).map(({ id }) => id);
        expect(others).not.toContain(consumer.cause.id);
        if (ranked !== undefined && !isProvenByItself(pack, ranked)) {
          expect(stands).not.toContain(consumer.cause.identity);
          expect(leads.map(({ id }) => id)).toContain(dependency.cause.id);
        }
      });
    });
    const hidden = (pack.components ?? []).flatMap(({ id: place }) =>
      Object.values(pack.signals).flatMap(({ id: signal, effect, at }) =>
        effect === undefined || at !== place
          ? []
          : consumersOf(place, [effect]).map((consumer) => ({ signal, effect, place, consumer }))
      )
    );
    describe.runIf(hidden.length > 0)(`${pack.id}/${runbook.id}: trouble at a dependency, its reason hidden`, () => {
      it.each(hidden)('$signal / $consumer.test.name', ({ signal, place, consumer }) => {
        const given: Given = { ...consumer.test.given, [signal]: { state: 'present' } };
        const { diagnosis, leads, stands } = look(bound, runbook, given);
        const isKnown = runbook.causes.some(
          (cause) => placeOf(runbook, cause) === place && find(diagnosis, cause.id)?.verdict === 'likely'
        );
        const ranked = find(diagnosis, consumer.cause.id);
        if (isKnown || ranked === undefined || isProvenByItself(pack, ranked) || ranked.byChange === true) {
          return;
        }
        expect(ranked.verdict).not.toBe('likely');
        expect(leads.map(({ id }) => id)).not.toContain(consumer.cause.id);
        expect(stands).not.toContain(consumer.cause.identity);
      });
    });
    it.each(led)(`${pack.id}/${runbook.id}: every dependency is well / $test.name`, ({ cause, test }) => {
      const { leaders, causes } = runTest(pack, runbook, test, 0).diagnosis;
      expect(leaders[0]).toBe(cause.id);
      expect(causes[0]?.explainedBy).toBeUndefined();
    });
  }
}
