/**
 * Which component is where, and what it needs: those of the estate, each of which is a pack of its own, and those that a pack
 * declares. One look at both, for what is said of a component and of those that it depends on.
 */
import { addTo } from '../addTo';
import type { CompiledSignal } from '../compiled/model';
import type { BoundPack } from '../model/bound';
import type { Estate } from '../model/estate';
import type { Pack } from '../model/pack';
import { keyOf, type Place } from './place';
import { changing, showing } from './showing';

export class Surroundings {
  private readonly bounds: ReadonlyMap<string, BoundPack>;
  private readonly needs = new Map<string, Place[]>();
  private readonly titles: ReadonlyMap<string, string>;

  constructor(bounds: readonly BoundPack[], estate?: Estate) {
    this.bounds = new Map(bounds.map((bound) => [bound.pack.id, bound]));
    for (const { from, to } of estate?.arrows ?? []) {
      this.need({ pack: from }, { pack: to });
    }
    for (const { pack } of bounds) {
      for (const { from, to } of pack.arrows ?? []) {
        this.need({ pack: pack.id, component: from }, { pack: pack.id, component: to });
      }
    }
    this.titles = new Map([
      ...(estate?.components ?? []).map(({ id, title }) => [keyOf({ pack: id }), title] as const),
      ...bounds.flatMap(({ pack }) =>
        (pack.components ?? []).map(({ id, title }) => [keyOf({ pack: pack.id, component: id }), title] as const)
      ),
    ]);
  }

  packOf(id: string): Pack | undefined {
    return this.bounds.get(id)?.pack;
  }

  /** What a component depends on, and who drains it: each once. */
  needsOf(place: Place): readonly Place[] {
    return this.needs.get(keyOf(place)) ?? [];
  }

  titleOf(place: Place): string {
    return this.titles.get(keyOf(place)) ?? place.component ?? place.pack;
  }

  /** The signals that show its trouble; none where nobody looks at it. */
  showing({ pack, component }: Place): readonly CompiledSignal[] {
    const bound = this.bounds.get(pack);
    return bound === undefined ? [] : showing(bound.pack, component);
  }

  /** The signals that show that something changed there. */
  changing({ pack, component }: Place): readonly CompiledSignal[] {
    const bound = this.bounds.get(pack);
    return bound === undefined ? [] : changing(bound.pack, component);
  }

  private need(from: Place, to: Place): void {
    const known = this.needs.get(keyOf(from)) ?? [];
    if (keyOf(from) !== keyOf(to) && !known.some((one) => keyOf(one) === keyOf(to))) {
      addTo(this.needs, keyOf(from), to);
    }
  }
}
