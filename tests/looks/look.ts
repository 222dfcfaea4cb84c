/** What Triage says of a running estate at one moment, evaluated as the page evaluates it, without a browser. */
import type { Triage, Verdict } from '@live-runbooks/engine';

export interface SeenSuspect {
  /** `<pack>/<runbook>/<cause>` of the suspect itself, and of each place where the same cause was found. */
  readonly causes: readonly string[];
  readonly verdict: Verdict;
  /** Decibans. */
  readonly score: number;
  readonly says: string;
  /** Set when another suspect explains it: it is shown, and accuses nobody. */
  readonly explainedBy?: string;
}

/** The part of a look that can be wrong: it can be read from the page too. */
export interface Accusation {
  /** ms since the epoch. */
  readonly at: number;
  readonly suspects: ReadonlyArray<Pick<SeenSuspect, 'causes' | 'verdict' | 'explainedBy'>>;
}

export interface Look extends Accusation {
  readonly state: Triage['state'];
  readonly recovering: boolean;
  /** The headline's verdict and sentence. */
  readonly word: string;
  readonly sentence: string;
  readonly suspects: readonly SeenSuspect[];
  /** Present symptoms, `<pack>/<signal>`: what the look is about, also where no cause is suspected. */
  readonly symptoms: readonly string[];
  /** Signals that could not be answered. */
  readonly unknown: number;
  /** The evaluation's duration, ms. */
  readonly tookMs: number;
}

/** Suspects that a reader takes for the cause: nothing stronger explains them. */
export const leadersOf = <T extends Accusation>(look: T): ReadonlyArray<T['suspects'][number]> =>
  look.suspects.filter(({ explainedBy }) => explainedBy === undefined);

/** Whether one of the places where a suspect was found is of this cause: `<pack>/<runbook>/<cause>`, or a cause's id. */
export const isCause = (causes: readonly string[], wanted: string): boolean =>
  causes.some((cause) => cause === wanted || cause.endsWith(`/${wanted}`));

/** Causes that are called likely, that nothing explains, and that are none of those allowed. */
export const wronglyLikely = (look: Accusation, allowed: readonly string[]): readonly string[] =>
  leadersOf(look)
    .filter(({ verdict, causes }) => verdict === 'likely' && !allowed.some((wanted) => isCause(causes, wanted)))
    .map(({ causes }) => causes[0] ?? '');
