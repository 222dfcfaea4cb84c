/**
 * The first thing that a reader sees: one verdict, one sentence. Derived from an evaluation that may still be arriving,
 * so it never claims health before the last answer is in.
 */
import type { NextCheck, RunbookDiagnosis, Suspect, Triage } from '@live-runbooks/engine';
import { capital } from '../words/sentence';
import { CHECKING, RECOVERING, STATES, VERDICTS, type Wording } from '../words/verdict';
import type { Evaluation } from '../evaluation/evaluation';

export interface Headline {
  readonly wording: Wording;
  readonly sentence: string;
  readonly since?: number;
  /** The strongest fact that speaks against it. */
  readonly against?: string;
  readonly next?: NextCheck;
  /** Whether it names a cause, so that something could speak against it. */
  readonly suspected: boolean;
  /** Where the evidence lies; absent when nothing is wrong or known to be. */
  readonly open?: { readonly pack: string; readonly runbook: string; readonly cause?: string };
}

/** The headline of Triage. Undefined while nothing at all has been answered. */
export function triageHeadline(evaluation: Evaluation): Headline | undefined {
  const { triage, progress } = evaluation;
  const lead = leadSuspect(triage);
  if (lead) {
    return {
      wording: VERDICTS[lead.verdict],
      sentence: ended(lead.says),
      suspected: true,
      since: lead.since,
      against: lead.against,
      next: lead.nextCheck,
      open: { pack: lead.pack, runbook: lead.runbook, cause: lead.cause },
    };
  }
  if (!progress.whole) {
    return progress.answered === 0
      ? undefined
      : { wording: CHECKING, sentence: stillChecking(triage), suspected: false };
  }
  if (triage.state !== 'problem') {
    return { wording: STATES[triage.state], sentence: firstSentence(triage.sentence), suspected: false };
  }
  const problems = evaluation.diagnoses.filter((d) => d.state === 'problem');
  const [first] = problems.filter((d) => triage.recovering || !d.recovering);
  return {
    wording: triage.recovering ? RECOVERING : STATES.problem,
    sentence: triage.recovering ? unlabelled(ended(triage.sentence), RECOVERING) : firstSentence(triage.sentence),
    suspected: false,
    since: earliest(problems),
    open: first && { pack: first.pack, runbook: first.runbook },
  };
}

/** The suspect that the headline is about: the first that nothing stronger explains. */
export function leadSuspect(triage: Triage): Suspect | undefined {
  return triage.suspects.find((s) => !s.explainedBy);
}

/** The headline of one runbook. */
export function runbookHeadline(diagnosis: RunbookDiagnosis, evaluation: Evaluation): Headline | undefined {
  const { progress } = evaluation;
  if (diagnosis.state !== 'problem' && !progress.whole) {
    return progress.answered === 0
      ? undefined
      : { wording: CHECKING, sentence: 'No symptom so far; answers are still arriving.', suspected: false };
  }
  const wording = runbookWording(diagnosis);
  const lead = diagnosis.causes.find((c) => c.id === diagnosis.leaders[0]);
  return {
    wording,
    sentence: unlabelled(ended(diagnosis.sentence), wording),
    suspected: lead !== undefined,
    since: lead?.since ?? diagnosis.since,
    against: diagnosis.against,
    next: diagnosis.nextCheck,
  };
}

export function runbookWording(diagnosis: RunbookDiagnosis): Wording {
  switch (diagnosis.state) {
    case 'healthy':
      return {
        word: 'No symptom',
        icon: 'check-circle',
        // Green is for what was seen whole.
        tone: diagnosis.coverage.known === diagnosis.coverage.total ? 'good' : 'neutral',
        means: 'Every symptom of this runbook was checked, and none is present',
      };
    case 'unknown':
      return STATES['cannot-assess'];
    case 'problem':
      if (diagnosis.recovering) {
        return RECOVERING;
      }
      // A symptom is present, whatever can be said of the causes: no "unlikely" may stand for the runbook.
      return diagnosis.verdict === 'likely' || diagnosis.verdict === 'possible'
        ? VERDICTS[diagnosis.verdict]
        : STATES.problem;
  }
}

/** Authors write clauses; a headline is a sentence. */
function ended(text: string): string {
  return /[.!?…]$/.test(text.trim()) ? text : `${text.trim()}.`;
}

/** The word of the verdict stands above the sentence: the sentence need not begin with it. */
function unlabelled(text: string, { word }: Wording): string {
  const label = `${word}: `;
  return text.startsWith(label) ? capital(text.slice(label.length)) : text;
}

/** When the first of them began. */
function earliest(problems: readonly RunbookDiagnosis[]): number | undefined {
  const times = problems.flatMap(({ since }) => since ?? []);
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** What was not checked has a line of its own below the sentence. */
function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;
}

function stillChecking(triage: Triage): string {
  const { known, total } = triage.signals;
  return `Nothing suspicious so far; ${known} of ${total} signals are known.`;
}
