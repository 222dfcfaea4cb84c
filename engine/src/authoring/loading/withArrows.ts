/**
 * What follows from the components that a pack declares: at which of them each cause is, and which runbooks it explains, because
 * its effects come there over the arrows. Which of two causes of one runbook is behind the other stays written.
 */
import { sharedName } from '../../compiled/explains';
import { spread } from '../../estate/travel';
import type { Arrow } from '../../model/arrow';
import type { Effect } from '../../model/effect';
import type { Cause, DeclaredComponent, Pack, Runbook, Signal } from '../../model/pack';
import type { AuthoredPack } from '../schema';
import type { YamlSource } from '../source';
import { arrowsOf, checkAt, checkPlaces, componentsOf } from './components';
import type { Definitions } from './definitions';
import { KINDS } from './packFiles';

/** The pack with its components, and `explains` of its causes complete. A pack without components stays as it is. */
export function withArrows(defs: Definitions, pack: Pack, authored: AuthoredPack, source: YamlSource): Pack {
  const components = componentsOf(authored);
  checkAt(defs, pack, components);
  if (components.length === 0) {
    return pack;
  }
  const arrows = arrowsOf(authored);
  checkPlaces(defs, pack, components, arrows, source);
  const places = new Places(defs, components, arrows, pack.runbooks);
  const runbooks = pack.runbooks.map((runbook) => ({
    ...runbook,
    causes: runbook.causes.map((cause) => placed(cause, places.ofCause(cause, runbook))),
  }));
  const derived = new Derived(pack, runbooks, places, arrows);
  return {
    ...pack,
    components,
    arrows,
    signals: Object.fromEntries(
      Object.entries(pack.signals).map(([id, signal]) => [id, placed(signal, places.ofSignal(signal))])
    ),
    runbooks: runbooks.map((runbook) => ({
      ...runbook,
      causes: runbook.causes.map((cause) => ({
        ...cause,
        explains: [...new Set([...cause.explains, ...derived.explainedBy(cause)])],
      })),
    })),
  };
}

function placed<T extends Cause | Signal>(one: T, at: string | undefined): T {
  return at === undefined ? one : { ...one, at };
}

/** At which component a cause is, and a signal. */
class Places {
  constructor(
    private readonly defs: Definitions,
    private readonly components: readonly DeclaredComponent[],
    private readonly arrows: readonly Arrow[],
    private readonly runbooks: readonly Runbook[]
  ) {}

  /** Where it says, else at the nearest component of the kind that brings it, else at that of its runbook. */
  ofCause(cause: Cause, runbook: Runbook): string | undefined {
    if (cause.at !== undefined) {
      return cause.at;
    }
    const [kind, shared] = sharedName(cause.identity).split('/');
    return kind !== runbook.pack && shared !== undefined ? this.nearest(kind, runbook.of) : runbook.of;
  }

  /**
   * Of a signal that shows trouble or a change: where it says, else at the first component of the kind that brings it, else at that
   * of the runbook that has it as a symptom, or as evidence. Undefined for any other.
   */
  ofSignal({ id, effect, change }: Signal): string | undefined {
    if (effect === undefined && change === undefined) {
      return undefined;
    }
    const { value, origin } = this.defs.signals.get(id) ?? {};
    if (value?.at !== undefined) {
      return value.at;
    }
    const kind = new RegExp(`(?:^|/)${KINDS}/([^/]+)/`).exec(origin?.source.file ?? '')?.[1];
    const ofKind = this.components.find(({ kinds }) => kinds.includes(kind ?? ''));
    const home =
      this.runbooks.find(({ symptoms }) => symptoms.includes(id)) ??
      this.runbooks.find(({ causes }) => causes.some(({ evidence }) => evidence.some(({ signal }) => signal === id)));
    return ofKind?.id ?? home?.of;
  }

  /** The component of a kind that is the fewest arrows away; the start itself for what is of no kind. */
  private nearest(kind: string | undefined, start: string | undefined): string | undefined {
    const isOfKind = (id: string) =>
      this.components.find((each) => each.id === id)?.kinds.includes(kind ?? '') === true;
    if (kind === undefined || start === undefined) {
      return start;
    }
    const queue = [start];
    const seen = new Set(queue);
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      if (isOfKind(at)) {
        return at;
      }
      for (const { from, to } of this.arrows) {
        if (from === at && !seen.has(to)) {
          seen.add(to);
          queue.push(to);
        }
      }
    }
    return this.components.find(({ id }) => isOfKind(id))?.id ?? start;
  }
}

/** What the effects of causes reach over the arrows, whether anybody sees it or not: ranking looks at what is seen. */
class Derived {
  private readonly reached = new Map<string, ReadonlyMap<string, ReadonlySet<Effect>>>();

  constructor(
    private readonly pack: Pack,
    private readonly runbooks: readonly Runbook[],
    private readonly places: Places,
    private readonly arrows: readonly Arrow[]
  ) {}

  /**
   * Ids of the runbooks whose symptoms can come from the cause, at its own component and at those that depend on it.
   */
  explainedBy(cause: Cause): string[] {
    const { at, effects = [] } = cause;
    if (at === undefined || effects.length === 0) {
      return [];
    }
    const elsewhere = this.from(at, effects);
    return this.runbooks.flatMap((runbook) => {
      const isShown = runbook.symptoms.some((id) => {
        const signal = this.pack.signals[id];
        const place = signal && this.places.ofSignal(signal);
        if (signal?.effect === undefined || place === undefined) {
          return false;
        }
        return place === at ? effects.includes(signal.effect) : elsewhere.get(place)?.has(signal.effect) === true;
      });
      return isShown ? [runbook.id] : [];
    });
  }

  private from(component: string, effects: readonly Effect[]): ReadonlyMap<string, ReadonlySet<Effect>> {
    const key = `${component} ${effects.join()}`;
    const known = this.reached.get(key);
    if (known !== undefined) {
      return known;
    }
    const found = new Map<string, Set<Effect>>();
    spread(
      effects.map((effect) => [component, effect] as const),
      (where) => this.arrows.filter(({ to }) => to === where),
      (where, effect) => {
        found.set(where, (found.get(where) ?? new Set()).add(effect));
        return true;
      }
    );
    this.reached.set(key, found);
    return found;
  }
}
