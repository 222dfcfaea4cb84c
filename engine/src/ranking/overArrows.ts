/**
 * What the arrows of a pack say of the causes that stand side by side in one runbook. The runbook of a service also lists causes at
 * what the service depends on; nobody writes what speaks against the service then, because it follows:
 * - A likely cause at a dependency explains what is seen to come from there, and causes at the service step back.
 * - So does trouble at a dependency for which no cause is likely. What may come from there is then no proof of a cause at the
 *   service: such a cause is possible at best. A change that the harm is known to have begun with keeps its verdict unless the
 *   dependency is down: it may be why the dependency is in trouble.
 */
import { Travel, type Reach } from '../estate/travel';
import { keyOf, placeOf } from '../estate/place';
import type { CompiledRunbook } from '../compiled/model';
import type { BoundPack, OutcomeMap } from '../model/bound';
import type { Effect } from '../model/effect';
import type { DeclaredComponent, Pack } from '../model/pack';
import { outcomeWords } from '../wording/facts';
import { earliestEffect } from './before';
import { isSuspect } from './order';
import { resists } from './standing';
import type { Entry } from './verdict';
import type { Slots } from './weigh';

/** A component in trouble for which no cause of the runbook is likely, and what of the trouble elsewhere may come from it. */
export interface Trouble {
  readonly component: DeclaredComponent;
  readonly place: string;
  readonly reach: Reach;
  /** It is unavailable: what depends on it fails with or without a change of its own. */
  readonly isDown: boolean;
  /** What is seen there, in words. */
  readonly words: () => string;
}

interface Symptom {
  readonly place: string;
  readonly effect: Effect;
  readonly since: number;
}

export class OverArrows {
  private readonly pack: Pack;
  private readonly travel: Travel;
  private readonly symptoms: readonly Symptom[];
  private readonly reaches = new Map<string, Reach>();
  private readonly troubles: readonly Trouble[];

  /** `entries` with their verdicts as if there were no arrows. */
  constructor(
    bound: BoundPack,
    private readonly runbook: CompiledRunbook,
    slots: Slots,
    entries: readonly Entry[],
    outcomes: OutcomeMap
  ) {
    this.pack = bound.pack;
    this.travel = new Travel([bound], outcomes);
    this.symptoms = runbook.symptoms.flatMap((slot) => {
      const { effect, at } = runbook.signals[slot]?.signal ?? {};
      const { state, since = Infinity } = slots[slot] ?? {};
      return state !== 'present' || effect === undefined || at === undefined
        ? []
        : [{ place: keyOf({ pack: bound.pack.id, component: at }), effect, since }];
    });
    this.troubles = this.troublesBeside(entries.filter(({ verdict }) => verdict === 'likely'));
  }

  /** Whether one explains the other because its effects are seen to come to where that one is. */
  explains(upstream: Entry, downstream: Entry): boolean {
    if (upstream.verdict !== 'likely' || !isSuspect(downstream)) {
      return false;
    }
    const [from, to] = [this.placeOf(upstream), this.placeOf(downstream)];
    const { decisiveFor, ownProof, onset } = downstream.weighed;
    const reach = this.reachOf(upstream);
    const began = upstream.weighed.onset;
    return (
      from !== to &&
      reach.has(to) &&
      this.reachesSymptom(reach, earliestEffect(began)) &&
      !resists({ decisive: decisiveFor, ownProof }) &&
      // Around a circle each explains the other: only which of them began first tells.
      (downstream.verdict !== 'likely' ||
        !this.reachOf(downstream).has(from) ||
        (began !== undefined && onset !== undefined && began < onset))
    );
  }

  /** The trouble without a likely cause of which the case of a suspect may be nothing but an effect. */
  troubleBehind(entry: Entry): Trouble | undefined {
    const { decisiveFor, ownProof, byChange } = entry.weighed;
    if (this.troubles.length === 0 || !isSuspect(entry) || resists({ decisive: decisiveFor, ownProof })) {
      return undefined;
    }
    const isChange = entry.verdict === 'likely' && byChange;
    const place = this.placeOf(entry);
    const { presses } = entry.compiled.cause;
    const pressed = presses === undefined ? undefined : this.travel.from(place, [], presses);
    return this.troubles.find(
      (trouble) =>
        trouble.place !== place &&
        (!isChange || trouble.isDown) &&
        trouble.reach.has(place) &&
        this.reachesSymptom(trouble.reach, -Infinity) &&
        pressed?.has(trouble.place) !== true
    );
  }

  private troublesBeside(likely: readonly Entry[]): Trouble[] {
    return (this.pack.components ?? []).flatMap((component) => {
      const place = keyOf({ pack: this.pack.id, component: component.id });
      const effects = this.travel.seenAt(place);
      const isKnown = likely.some((entry) => this.placeOf(entry) === place || this.reachOf(entry).has(place));
      if (effects.length === 0 || isKnown) {
        return [];
      }
      const words = () =>
        this.travel
          .presentAt(place)
          .map(({ signal, outcome }) => outcomeWords(signal, outcome))
          .join('; ');
      return [
        { component, place, reach: this.travel.from(place, effects), isDown: effects.includes('unavailable'), words },
      ];
    });
  }

  private reachesSymptom(reach: Reach, from: number): boolean {
    return this.symptoms.some(({ place, effect, since }) => reach.get(place)?.has(effect) === true && since >= from);
  }

  private reachOf(entry: Entry): Reach {
    const { cause } = entry.compiled;
    const known = this.reaches.get(cause.id);
    if (known !== undefined) {
      return known;
    }
    const found = this.travel.from(this.placeOf(entry), cause.effects ?? [], cause.presses);
    this.reaches.set(cause.id, found);
    return found;
  }

  private placeOf({ compiled: { cause } }: Entry): string {
    return keyOf(placeOf(this.pack, this.runbook.runbook, cause));
  }
}
