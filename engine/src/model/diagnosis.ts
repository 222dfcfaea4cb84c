/** What ranking says of causes, inside one runbook and across runbooks. Every number opens down to an outcome. */
import type { Outcome } from './outcome';
import type { Severity, Verdict } from './pack';
import type { Unread } from './seen';

export interface Contribution {
  readonly signal: string;
  readonly outcome: Outcome;
  readonly group?: string;
  /** Decibans that this outcome gave before its group was capped; 0 for an unknown. */
  readonly weight: number;
  /** What it would give at its best and at its worst, were it known. */
  readonly best: number;
  readonly worst: number;
  readonly says: string;
}

export interface RankedCause {
  readonly id: string;
  readonly title: string;
  readonly verdict: Verdict;
  /** Decibans. */
  readonly score: number;
  /** The score with every unknown at its worst and at its best. */
  readonly interval: readonly [number, number];
  readonly prior: number;
  /** One sentence with the live facts. */
  readonly says: string;
  readonly supports: readonly Contribution[];
  readonly contradicts: readonly Contribution[];
  readonly unknown: readonly Contribution[];
  /** What the strongest contradiction says. */
  readonly against?: string;
  /** When the earliest signal that speaks for it began; ms since the epoch, as all times here. */
  readonly since?: number;
  /** When the earliest evidence of its own began: symptoms, which its rivals share, are left out unless they prove it. */
  readonly onset?: number;
  /** Something that is known counts decisively for it. */
  readonly decisive?: true;
  /** Decibans of its case that neither show the trouble nor are a change: its own, and no effect of something else. */
  readonly ownProof?: number;
  /**
   * What explains it: another cause of the runbook, by its name or over the arrows, or a component in trouble for which no cause is
   * likely. It stays visible, and does not lead.
   */
  readonly explainedBy?: { readonly cause?: string; readonly component?: string; readonly title: string };
  /** Its proof is a change with which the harm is known to have begun: nothing else explains such a cause away. */
  readonly byChange?: true;
}

export interface NextCheck {
  readonly signal: string;
  readonly title: string;
  /** Which causes it separates. */
  readonly separates: readonly string[];
  readonly says: string;
}

export interface RunbookDiagnosis {
  readonly runbook: string;
  readonly pack: string;
  readonly title: string;
  /** `healthy` needs every symptom known and absent; `unknown` when no symptom is present and some are unknown. */
  readonly state: 'problem' | 'healthy' | 'unknown';
  /** Every present symptom is over in the last part of its window. Then no cause is named. */
  readonly recovering?: true;
  readonly causes: readonly RankedCause[];
  /** Ids of the causes that cannot be told apart at the top; one id when there is a clear leader, none when it abstains. */
  readonly leaders: readonly string[];
  /** Always there: the weight left for a cause that is not listed. */
  readonly noneOfThese: { readonly verdict: Verdict; readonly score: number };
  readonly nextCheck?: NextCheck;
  readonly verdict: Verdict;
  /** The verdict in one sentence, the strongest contradicting fact, and what was not checked. */
  readonly sentence: string;
  readonly against?: string;
  readonly notChecked?: string;
  /** Of `total` signals `known` were answered; `failed` ones should have been and were not: each might have been red. */
  readonly coverage: { readonly known: number; readonly total: number; readonly failed: number };
  readonly symptoms: readonly Outcome[];
  readonly since?: number;
}

export interface Suspect {
  readonly pack: string;
  readonly runbook: string;
  readonly cause: string;
  readonly identity: string;
  /** Other runbooks in which the same cause (by identity) was found: one suspect, not several. */
  readonly alsoIn: ReadonlyArray<{
    readonly pack: string;
    readonly runbook: string;
    readonly cause: string;
    readonly title: string;
  }>;
  readonly title: string;
  readonly verdict: Verdict;
  readonly score: number;
  readonly says: string;
  readonly against?: string;
  readonly notChecked?: string;
  readonly since?: number;
  /** Downstream findings that this suspect explains. */
  readonly explains: ReadonlyArray<{ readonly pack: string; readonly runbook: string; readonly title: string }>;
  /** Set when a stronger suspect explains this one; it is shown, demoted. */
  readonly explainedBy?: {
    readonly pack: string;
    readonly runbook: string;
    readonly cause: string;
    /** The title of one that is over, and no suspect any more. */
    readonly over?: string;
  };
  readonly nextCheck?: NextCheck;
  /** What its component depends on, and what of that was asked and is quiet; of a suspect that nothing explains. */
  readonly heard?: string;
}

/**
 * Something red that no suspect accounts for: a check that is critical or warning, an alert that fires, or a present signal
 * that means trouble by itself.
 */
export interface Finding {
  readonly kind: 'check' | 'alert' | 'signal';
  /** `<target>/<check>`, the alert's name, or `<pack>/<signal>`. */
  readonly id: string;
  readonly title: string;
  /** The target, the service or the pack. */
  readonly where: string;
  readonly severity: Severity;
  /** One sentence with the live facts. */
  readonly says: string;
  /** ms since the epoch. */
  readonly since?: number;
  readonly source: 'diagnostics' | 'prometheus' | 'loki' | 'grafana' | 'person';
  readonly mend?: string;
  /** The runbook that asks about it, if one does: it is where to look first. */
  readonly runbook?: { readonly pack: string; readonly runbook: string; readonly title: string };
}

/** What a page says first, in parts. A part that has nothing to say is absent. */
export interface Headline {
  readonly verdict:
    | 'likely'
    | 'possible'
    | 'problem'
    | 'warning'
    | 'recovering'
    | 'healthy'
    | 'no-known-problem'
    | 'nothing-found'
    | 'cannot-assess';
  /** The causes that the sentence is about; several when they cannot be told apart, none when nobody is accused. */
  readonly leaders: ReadonlyArray<{ readonly pack: string; readonly runbook: string; readonly cause: string }>;
  readonly sentence: string;
  /** ms since the epoch. */
  readonly since?: number;
  /** The strongest fact that speaks against it. */
  readonly against?: string;
  readonly notChecked?: string;
  readonly next?: NextCheck;
  /** What the component in trouble depends on, and what of that was asked and is quiet. */
  readonly heard?: string;
  /** Where the evidence lies. */
  readonly open?: { readonly pack: string; readonly runbook: string; readonly cause?: string };
}

export interface Triage {
  /**
   * `problem` while a symptom is present or something critical is unexplained, `warning` while only warnings are;
   * `nothing-wrong` only when every symptom of every runbook is known and absent (those of components that nobody adopted left out), no signal failed, and nothing red was left unread;
   * `no-known-problem` when that holds of what is connected, and logs never were; `nothing-wrong-found` where something failed.
   */
  readonly state:
    'problem' | 'warning' | 'nothing-wrong' | 'no-known-problem' | 'nothing-wrong-found' | 'cannot-assess';
  /** Every runbook with a problem is recovering. */
  readonly recovering?: true;
  readonly suspects: readonly Suspect[];
  /** The smallest set of causes found that explains every present symptom (greedy), in rank order. */
  readonly cover: ReadonlyArray<{ readonly runbook: string; readonly cause: string }>;
  /** Present symptoms that no suspect explains. */
  readonly unexplained: ReadonlyArray<{ readonly runbook: string; readonly signal: string }>;
  /** What else is red and no likely suspect accounts for, the worst first, each once. */
  readonly findings: readonly Finding[];
  /** What could not be read beside the signals: it is never fine. */
  readonly unread: readonly Unread[];
  readonly headline: Headline;
  /** The headline in one text, with what was not checked. */
  readonly sentence: string;
  readonly signals: { readonly known: number; readonly total: number };
  readonly at: number;
}
