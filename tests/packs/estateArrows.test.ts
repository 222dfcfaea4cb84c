/**
 * The same as arrows.test.ts for the components of an estate, each of which has the runbooks of its kinds: over every arrow each test of
 * a kind in which a cause at the dependency is likely, and each in which a cause at who depends on it leads.
 */
import {
  declaredEstate,
  diagnose,
  instantiate,
  rolesOf,
  triage,
  type BoundPack,
  type Component,
  type Effect,
  type GivenOutcome,
  type Outcome,
  type Runbook,
} from '@live-runbooks/engine';
import { formatProblem, givenOutcomes, loadPack } from '@live-runbooks/engine/authoring';
import { describe, expect, it } from 'vitest';

import { readPackFolder } from '../../cli/src/readPacks';
import { SHIPPED_KINDS } from './shippedPacks';
import { isProvenByItself, TRAVELS } from './travels';

type Given = Readonly<Record<string, GivenOutcome>>;

const NOW = Date.UTC(2025, 0, 1);
const loaded = loadPack(readPackFolder('tests/packs/estates', 'runbooks/kinds').files, 'tests/packs/estates/north');
if (!loaded.ok) {
  throw new Error(loaded.problems.map(formatProblem).join('\n'));
}
const estate = declaredEstate([loaded.pack], SHIPPED_KINDS);
const bounds = new Map(
  estate.components.map((component) => [
    component.id,
    instantiate(component, SHIPPED_KINDS, { roles: rolesOf(component, estate, SHIPPED_KINDS) }),
  ])
);

/** A test of a kind in which a cause leads that the component has, as far as the component has the signals. */
interface Led {
  readonly name: string;
  readonly runbook: Runbook;
  readonly cause: Runbook['causes'][number];
  readonly isLikely: boolean;
  readonly given: Given;
}

function ledAt({ id, kinds }: Component): Led[] {
  const bound = bounds.get(id) as BoundPack;
  return kinds.flatMap(({ kind }) =>
    (SHIPPED_KINDS.get(kind)?.pack.runbooks ?? []).flatMap((written) => {
      const runbook = bound.pack.runbooks.find((each) => each.id === `${kind}-${written.id}`);
      return written.tests.flatMap((test): Led[] => {
        const cause = runbook?.causes.find((each) => each.id === test.expect.top);
        const given = Object.fromEntries(
          Object.entries(test.given).filter(([signal]) => Object.hasOwn(bound.pack.signals, signal))
        );
        return runbook === undefined || cause === undefined || test.rest === 'unknown'
          ? []
          : [{ name: `${kind}: ${test.name}`, runbook, cause, isLikely: test.expect.verdict === 'likely', given }];
      });
    })
  );
}

/** The effects that what is given shows at a component. */
function shownAt(id: string, given: Given, among?: readonly string[]): Set<Effect> {
  const signals = bounds.get(id)?.pack.signals ?? {};
  return new Set(
    Object.entries(given).flatMap(([signal, { state }]) =>
      state === 'present' && (among?.includes(signal) ?? true) ? (signals[signal]?.effect ?? []) : []
    )
  );
}

function look(given: Readonly<Record<string, Given>>) {
  const outcomes = new Map<string, Outcome>(
    [...bounds.values()].flatMap(({ pack }) => [
      ...givenOutcomes(pack, { given: given[pack.id] ?? {}, rest: 'absent' }),
    ])
  );
  const all = [...bounds.values()];
  const diagnoses = all.flatMap((bound) => bound.pack.runbooks.map(({ id }) => diagnose(bound, id, outcomes, NOW)));
  return { diagnoses, triage: triage(all, diagnoses, outcomes, NOW, undefined, estate) };
}

const componentOf = (id: string) => estate.components.find((component) => component.id === id) as Component;

/** The cause of a test as its own runbook ranks it, and those that nothing explains. */
function consumerIn(given: Readonly<Record<string, Given>>, from: string, consumer: Led) {
  const { diagnoses, triage: found } = look(given);
  const ranked = diagnoses
    .filter((each) => each.pack === from && each.runbook === consumer.runbook.id)
    .flatMap(({ causes }) => causes.filter(({ id }) => id === consumer.cause.id))[0];
  const pack = bounds.get(from)?.pack as BoundPack['pack'];
  return {
    ranked,
    isProven: ranked !== undefined && isProvenByItself(pack, ranked),
    stands: found.suspects.flatMap(({ identity, explainedBy }) => (explainedBy === undefined ? [identity] : [])),
    isKnown: found.suspects.some(({ verdict, pack: id }) => verdict === 'likely' && id !== from),
  };
}

for (const { from, to, carries } of estate.arrows) {
  const consumers = ledAt(componentOf(from));
  const consumersOf = (effects: readonly Effect[]) => {
    const coming = effects.flatMap((effect) => TRAVELS[effect]).filter((each) => carries?.includes(each) ?? true);
    return consumers.filter(({ given, runbook }) =>
      [...shownAt(from, given, runbook.symptoms)].some((effect) => coming.includes(effect))
    );
  };
  const pairs = ledAt(componentOf(to)).flatMap((dependency) => {
    const seen = [...shownAt(to, dependency.given)].filter((effect) => dependency.cause.effects?.includes(effect));
    return dependency.isLikely ? consumersOf(seen).map((consumer) => ({ dependency, consumer })) : [];
  });
  describe.runIf(pairs.length > 0)(`${from} depends on ${to}, where a cause is proven`, () => {
    it.each(pairs)('$dependency.name / $consumer.name', ({ dependency, consumer }) => {
      const given = { [to]: dependency.given, [from]: consumer.given };
      const { stands, isProven } = consumerIn(given, from, consumer);
      expect(stands).toContain(dependency.cause.identity);
      if (!isProven) {
        expect(stands).not.toContain(consumer.cause.identity);
      }
    });
  });
  const symptoms = new Set(bounds.get(to)?.pack.runbooks.flatMap((runbook) => runbook.symptoms));
  const hidden = [...symptoms].flatMap((signal) => {
    const effect = bounds.get(to)?.pack.signals[signal]?.effect;
    return effect === undefined ? [] : consumersOf([effect]).map((consumer) => ({ signal, consumer }));
  });
  describe.runIf(hidden.length > 0)(`${from} depends on ${to}, which is in trouble, the reason hidden`, () => {
    it.each(hidden)('$signal / $consumer.name', ({ signal, consumer }) => {
      const given: Record<string, Given> = { [to]: { [signal]: { state: 'present' } }, [from]: consumer.given };
      const { ranked, stands, isProven, isKnown } = consumerIn(given, from, consumer);
      if (!isKnown && !isProven && ranked?.byChange !== true) {
        expect(ranked?.verdict).not.toBe('likely');
        expect(stands).not.toContain(consumer.cause.identity);
      }
    });
  });
}
