/** What a page says of a component: what it is, whose, and what it depends on. */
import { listed, type Component, type Estate, type Kinds, type RunbookDiagnosis } from '@live-runbooks/engine';
import type { Evaluation } from '../evaluation/evaluation';

export interface ComponentWords {
  readonly id: string;
  readonly title: string;
  /** `HTTP service (OpenTelemetry, in seconds)` */
  readonly kinds: readonly string[];
  /** Undefined where what people said is not known. */
  readonly adopted: boolean | undefined;
  /** Titles. */
  readonly dependsOn: readonly string[];
  readonly neededBy: readonly string[];
  /** Titles of the packs that declare it. */
  readonly declaredBy: readonly string[];
  /** Kinds that are declared and of which nothing was found. */
  readonly unseen: readonly string[];
}

/** Undefined for what is no component: a pack. */
export function componentWords(id: string, estate: Estate | undefined, kinds: Kinds): ComponentWords | undefined {
  const component = estate?.components.find((one) => one.id === id);
  if (estate === undefined || component === undefined) {
    return undefined;
  }
  const titleOf = (other: string) => estate.components.find((one) => one.id === other)?.title ?? other;
  return {
    id,
    title: component.title,
    kinds: kindWords(component, kinds),
    adopted: component.adopted,
    dependsOn: estate.arrows.flatMap(({ from, to }) => (from === id ? [titleOf(to)] : [])),
    neededBy: estate.arrows.flatMap(({ from, to }) => (to === id ? [titleOf(from)] : [])),
    declaredBy: (component.declaredBy ?? []).map(({ title }) => title),
    unseen: (component.unseen ?? []).map((kind) => kinds.get(kind)?.title ?? kind),
  };
}

/** The kinds of a component, and the convention of names by which each was found. */
export function kindWords({ kinds: parts }: Component, kinds: Kinds): string[] {
  return parts.map(({ kind, dialect }) => {
    const known = kinds.get(kind);
    return `${known?.title ?? kind} (${known?.dialects[dialect]?.title ?? 'diagnostics service'})`;
  });
}

/** What it is in one line: its title, its kinds, and whether somebody said that it is theirs. */
export function aboutComponent({ title, kinds, adopted }: ComponentWords): string {
  return [title, ...kinds, ...adoptionWords(adopted)].join(' · ');
}

/** Whose it is, and what of it should be there and is not. */
export function declaredWords({ declaredBy, unseen }: ComponentWords): string[] {
  return [
    ...(declaredBy.length > 0 ? [`declared by ${listed(declaredBy)}`] : []),
    ...(unseen.length > 0 ? [`not found: ${listed(unseen)}`] : []),
  ];
}

export const NOT_ADOPTED = 'not adopted';

/** Whose it is, where that has to be said; what nobody adopted and nobody could check stands beside the verdict. */
export function adoptionWords(adopted: boolean | undefined, state?: ComponentState['state']): string[] {
  return adopted === false ? [state === 'unknown' ? `${NOT_ADOPTED}, could not be checked` : NOT_ADOPTED] : [];
}

export interface ComponentState extends ComponentWords {
  /** That of its worst runbook; unknown where it has none. */
  readonly state: RunbookDiagnosis['state'];
  readonly worst?: RunbookDiagnosis;
}

const STATES: ReadonlyArray<RunbookDiagnosis['state']> = ['problem', 'unknown', 'healthy'];

/** Every component and how it stands, those in trouble first. */
export function componentStates(estate: Estate, kinds: Kinds, evaluation: Evaluation | undefined): ComponentState[] {
  return estate.components
    .flatMap(({ id }): ComponentState[] => {
      const words = componentWords(id, estate, kinds);
      const own = evaluation?.diagnoses.filter(({ pack }) => pack === id) ?? [];
      const [worst] = [...own].sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state));
      return words === undefined
        ? []
        : [{ ...words, state: worst?.state ?? 'unknown', ...(worst === undefined ? {} : { worst }) }];
    })
    .sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state));
}
