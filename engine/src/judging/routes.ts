import { compiled } from '../compiled/compiled';
import type { BoundPack } from '../model/bound';
import type { UnknownReason } from '../model/outcome';
import type { Signal } from '../model/pack';
import type { Plan } from '../model/plan';
import { ownSeriesOf, type OwnSeries } from './ownSamples';

/** A signal of a bound pack, and the key of its outcome. */
export interface Home {
  readonly key: string;
  readonly bound: BoundPack;
  readonly signal: Signal;
  /** By what it finds its own part of an answer that many share. */
  readonly own: OwnSeries | undefined;
  /** Keys of the signals that it requires, in the order of `signal.requires`. */
  readonly requires: readonly string[];
}

/** Who reads which answer. */
interface Routes {
  readonly bounds: readonly BoundPack[];
  readonly readers: ReadonlyArray<{ readonly query: string; readonly homes: readonly Home[] }>;
  readonly unplanned: ReadonlyArray<{ readonly home: Home; readonly reason: UnknownReason; readonly mend: string }>;
  readonly homes: ReadonlyMap<string, Home>;
  /** Keys of the signals that require others. */
  readonly dependent: readonly string[];
}

const routes = new WeakMap<Plan, Routes>();

/** Worked out once for a plan: it stays the same from refresh to refresh. */
export function routesOf(bounds: readonly BoundPack[], plan: Plan): Routes {
  const known = routes.get(plan);
  if (known?.bounds.length === bounds.length && known.bounds.every((bound, index) => bound === bounds[index])) {
    return known;
  }
  const homes = new Map<string, Home>();
  for (const bound of bounds) {
    for (const { key, signal } of compiled(bound.pack).signals.values()) {
      const requires = signal.requires.map((id) => `${bound.pack.id}/${id}`);
      homes.set(key, { key, bound, signal, own: ownSeriesOf(bound, signal), requires });
    }
  }
  const made: Routes = {
    bounds: [...bounds],
    readers: plan.queries.map(({ id, signals }) => ({
      query: id,
      homes: signals.flatMap((key) => homes.get(key) ?? []),
    })),
    unplanned: plan.unplanned.flatMap(({ signal, reason, mend }) => {
      const home = homes.get(signal);
      return home === undefined ? [] : [{ home, reason, mend }];
    }),
    homes,
    dependent: [...homes.values()].flatMap(({ key, signal }) => (signal.requires.length > 0 ? [key] : [])),
  };
  routes.set(plan, made);
  return made;
}
