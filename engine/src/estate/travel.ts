/**
 * How trouble travels over the arrows of an estate: what it is at a dependency, and what it makes of whoever depends on it. Only
 * what is seen travels: an effect that no signal shows at its component explains nothing elsewhere, and a component on the way
 * that is known not to show the effect ends it there.
 */
import { addTo } from '../addTo';
import type { CompiledSignal } from '../compiled/model';
import type { BoundPack, OutcomeMap } from '../model/bound';
import type { Effect } from '../model/effect';
import type { Arrow } from '../model/arrow';
import type { Estate } from '../model/estate';
import type { Outcome } from '../model/outcome';
import type { Cause, Pack, Signal } from '../model/pack';
import { keyOf } from './place';
import { showing } from './showing';

/** What trouble at a dependency can be at whoever depends on it. */
const TRAVELS: Readonly<Record<Effect, readonly Effect[]>> = {
  unavailable: ['unavailable', 'errors', 'latency', 'saturation'],
  errors: ['errors'],
  latency: ['latency', 'saturation', 'errors'],
  saturation: ['errors', 'latency'],
  data: ['data', 'errors'],
  // What waits in a queue is not seen by a request.
  backlog: [],
};

const RANK = { present: 2, unknown: 1, absent: 0 } as const;

/** The effects at the near end of an arrow that an effect at its far end can be. */
function carriedBy({ carries, drains }: Pick<Arrow, 'carries' | 'drains'>, effect: Effect): readonly Effect[] {
  const all: readonly Effect[] = drains === true ? ['backlog'] : TRAVELS[effect];
  return carries === undefined ? all : all.filter((each) => carries.includes(each));
}

/**
 * Walks effects over the arrows to whoever depends on a component, each effect of a component once. `admits` is asked where one
 * arrives, and answers whether it goes on from there.
 */
export function spread(
  starts: ReadonlyArray<readonly [component: string, effect: Effect]>,
  consumersOf: (component: string) => readonly Arrow[],
  admits: (component: string, effect: Effect) => boolean
): void {
  const queue = [...starts];
  const visited = new Map<string, Set<Effect>>();
  for (const [component, effect] of queue) {
    const known = visited.get(component);
    if (known?.has(effect) === true || !admits(component, effect)) {
      continue;
    }
    if (known === undefined) {
      visited.set(component, new Set([effect]));
    } else {
      known.add(effect);
    }
    for (const arrow of consumersOf(component)) {
      for (const each of carriedBy(arrow, effect)) {
        queue.push([arrow.from, each]);
      }
    }
  }
}

export type Seen = 'present' | 'absent' | 'unknown';

/** What a cause at a place explains: by place, the effects that are seen there. */
export type Reach = ReadonlyMap<string, ReadonlySet<Effect>>;

/**
 * The effects that the outcomes show at each place, and where they come from. Places are those of the estate, and the components that
 * packs declare, by their keys.
 */
export class Travel {
  private readonly consumers = new Map<string, Arrow[]>();
  private readonly needs = new Map<string, Arrow[]>();
  private readonly kinds = new Map<string, readonly string[]>();
  private readonly packs = new Map<string, { readonly pack: Pack; readonly component?: string }>();
  private readonly shown = new Map<string, ReadonlyMap<Effect, Seen>>();

  constructor(
    bounds: readonly BoundPack[],
    private readonly outcomes: OutcomeMap,
    estate?: Estate
  ) {
    estate?.arrows.forEach((arrow) => this.add(arrow));
    estate?.components.forEach(({ id, kinds }) =>
      this.kinds.set(
        id,
        kinds.map(({ kind }) => kind)
      )
    );
    for (const { pack } of bounds) {
      if (pack.components === undefined) {
        this.packs.set(pack.id, { pack });
        continue;
      }
      for (const { id, kinds } of pack.components) {
        const key = keyOf({ pack: pack.id, component: id });
        this.kinds.set(key, kinds);
        this.packs.set(key, { pack, component: id });
      }
      pack.arrows?.forEach((arrow) =>
        this.add({
          ...arrow,
          from: keyOf({ pack: pack.id, component: arrow.from }),
          to: keyOf({ pack: pack.id, component: arrow.to }),
        })
      );
    }
  }

  /** Whether the signals of the place show the effect; unknown where none shows it and one was not answered. */
  at(place: string, effect: Effect): Seen {
    return this.effectsOf(place).get(effect) ?? 'unknown';
  }

  /** The effects that are seen at the place. */
  seenAt(place: string): Effect[] {
    return [...this.effectsOf(place)].flatMap(([effect, seen]) => (seen === 'present' ? [effect] : []));
  }

  /** The signals that show trouble of the place now. */
  presentAt(place: string): Array<{ readonly signal: Signal; readonly outcome: Outcome }> {
    return this.showing(place).flatMap(({ signal, key }) => {
      const outcome = this.outcomes.get(key);
      return outcome?.state === 'present' ? [{ signal, outcome }] : [];
    });
  }

  /**
   * The effects, seen at this place and at those that depend on it, that a cause with these effects there explains. Places that depend
   * on each other around a circle are both in it. What the cause `presses` on is reached against the arrows: what its place depends
   * on, of that kind, where the effect is seen.
   */
  from(place: string, effects: readonly Effect[], presses: NonNullable<Cause['presses']> = []): Reach {
    const own = effects.map((effect) => [place, effect] as const);
    const pressed = presses.flatMap(({ kind, effect }) =>
      (this.needs.get(place) ?? []).flatMap(({ to }) =>
        this.kinds.get(to)?.includes(kind) === true ? [[to, effect] as const] : []
      )
    );
    const reached = new Map<string, Set<Effect>>();
    spread(
      [...own, ...pressed].filter(([where, effect]) => this.at(where, effect) === 'present'),
      (where) => this.consumers.get(where) ?? [],
      (where, effect) => {
        const seen = this.at(where, effect);
        if (seen === 'present') {
          reached.set(where, (reached.get(where) ?? new Set()).add(effect));
        }
        return seen !== 'absent' && !this.isWell(where);
      }
    );
    return reached;
  }

  /** Every signal that shows an effect of the place was answered, and none is present. */
  isWell(place: string): boolean {
    const shown = this.effectsOf(place);
    for (const seen of shown.values()) {
      if (seen !== 'absent') {
        return false;
      }
    }
    return shown.size > 0;
  }

  private add(arrow: Arrow): void {
    addTo(this.consumers, arrow.to, arrow);
    addTo(this.needs, arrow.from, arrow);
  }

  private showing(place: string): readonly CompiledSignal[] {
    const found = this.packs.get(place);
    return found === undefined ? [] : showing(found.pack, found.component);
  }

  private effectsOf(place: string): ReadonlyMap<Effect, Seen> {
    const known = this.shown.get(place);
    if (known !== undefined) {
      return known;
    }
    const found = new Map<Effect, Seen>();
    for (const { signal, key } of this.showing(place)) {
      if (signal.effect !== undefined) {
        const state = this.outcomes.get(key)?.state ?? 'unknown';
        const before = found.get(signal.effect);
        // One signal that shows it is enough; that it is absent takes all of them.
        if (before === undefined || RANK[state] > RANK[before]) {
          found.set(signal.effect, state);
        }
      }
    }
    this.shown.set(place, found);
    return found;
  }
}
