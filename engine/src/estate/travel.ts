/**
 * How trouble travels over the arrows of an estate: what it is at a dependency, and what it makes of whoever depends on it. Only
 * what is seen travels: an effect that no signal shows at its component explains nothing elsewhere, and a component on the way
 * that is known not to show the effect ends it there.
 */
import { addTo } from '../addTo';
import type { BoundPack, OutcomeMap } from '../model/bound';
import type { Effect } from '../model/effect';
import type { Arrow } from '../model/arrow';
import type { Estate } from '../model/estate';
import type { Cause } from '../model/pack';
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

/** The effects that the outcomes show at each component, and where they come from. Ids of components are those of the packs. */
export class Travel {
  private readonly consumers = new Map<string, Arrow[]>();
  private readonly needs = new Map<string, Arrow[]>();
  private readonly kinds: ReadonlyMap<string, ReadonlySet<string>>;
  private readonly bounds: ReadonlyMap<string, BoundPack>;
  private readonly shown = new Map<string, ReadonlyMap<Effect, Seen>>();

  constructor(
    estate: Estate,
    bounds: readonly BoundPack[],
    private readonly outcomes: OutcomeMap
  ) {
    this.bounds = new Map(bounds.map((bound) => [bound.pack.id, bound]));
    estate.arrows.forEach((arrow) => {
      addTo(this.consumers, arrow.to, arrow);
      addTo(this.needs, arrow.from, arrow);
    });
    this.kinds = new Map(estate.components.map(({ id, kinds }) => [id, new Set(kinds.map(({ kind }) => kind))]));
  }

  /** Whether the signals of the component show the effect; unknown where none shows it and one was not answered. */
  at(component: string, effect: Effect): Seen {
    return this.effectsOf(component).get(effect) ?? 'unknown';
  }

  /**
   * The effects, seen at this component and at those that depend on it, that a cause with these effects at `component` explains:
   * by component. Components that depend on each other around a circle are both in it. What the cause `presses` on is reached
   * against the arrows: those that the component depends on, of that kind, where the effect is seen.
   */
  from(
    component: string,
    effects: readonly Effect[],
    presses: NonNullable<Cause['presses']> = []
  ): ReadonlyMap<string, ReadonlySet<Effect>> {
    const own = effects.map((effect) => [component, effect] as const);
    const pressed = presses.flatMap(({ kind, effect }) =>
      (this.needs.get(component) ?? []).flatMap(({ to }) =>
        this.kinds.get(to)?.has(kind) === true ? [[to, effect] as const] : []
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

  /** Every signal that shows an effect of the component was answered, and none is present. */
  isWell(component: string): boolean {
    const shown = this.effectsOf(component);
    for (const seen of shown.values()) {
      if (seen !== 'absent') {
        return false;
      }
    }
    return shown.size > 0;
  }

  private effectsOf(component: string): ReadonlyMap<Effect, Seen> {
    const known = this.shown.get(component);
    if (known !== undefined) {
      return known;
    }
    const found = new Map<Effect, Seen>();
    const bound = this.bounds.get(component);
    for (const { signal, key } of bound === undefined ? [] : showing(bound.pack)) {
      if (signal.effect !== undefined) {
        const state = this.outcomes.get(key)?.state ?? 'unknown';
        const before = found.get(signal.effect);
        // One signal that shows it is enough; that it is absent takes all of them.
        if (before === undefined || RANK[state] > RANK[before]) {
          found.set(signal.effect, state);
        }
      }
    }
    this.shown.set(component, found);
    return found;
  }
}
