/**
 * The first thing that a reader sees: one verdict, one sentence. The engine says it in parts; here it meets an evaluation that
 * may still be arriving, so it never claims health before the last answer is in.
 */
import {
  heardBeside,
  runbookHeadline as headlineOf,
  type Headline as Said,
  type NextCheck,
  type RunbookDiagnosis,
} from '@live-runbooks/engine';
import { CHECKING, HEADLINES, type Wording } from '../words/verdict';
import type { Evaluation, Question } from '../evaluation/evaluation';

export interface Headline {
  readonly verdict: Said['verdict'] | 'checking';
  readonly wording: Wording;
  readonly sentence: string;
  readonly since?: number;
  /** The strongest fact that speaks against it. */
  readonly against?: string;
  readonly next?: NextCheck;
  /** What the component depends on, and what of that is quiet. */
  readonly heard?: string;
  /** Whether it names a cause, so that something could speak against it. */
  readonly suspected: boolean;
  /** Where the evidence lies; absent when nothing is wrong or known to be. */
  readonly open?: { readonly pack: string; readonly runbook: string; readonly cause?: string };
}

/** Verdicts that stand whatever is still to come: more answers only add to them. */
const STANDING: ReadonlyArray<Said['verdict']> = ['likely', 'possible', 'problem', 'warning'];

/** The headline of Triage. Undefined while nothing at all has been answered. */
export function triageHeadline({ triage, progress }: Evaluation): Headline | undefined {
  const { known, total } = triage.signals;
  return (
    shown(triage.headline, progress) ??
    checking(progress, `Nothing suspicious so far; ${known} of ${total} signals are known.`)
  );
}

/** The headline of one runbook, and what was heard of those that its component depends on. */
export function runbookHeadline(
  diagnosis: RunbookDiagnosis,
  { outcomes, progress }: Evaluation,
  { bounds, estate }: Pick<Question, 'bounds' | 'estate'>
): Headline | undefined {
  const heard = heardBeside(diagnosis, bounds, outcomes, estate);
  const said = { ...headlineOf(diagnosis), ...(heard === undefined ? {} : { heard }) };
  return shown(said, progress) ?? checking(progress, 'No symptom so far; answers are still arriving.');
}

function shown(said: Said, progress: Evaluation['progress']): Headline | undefined {
  if (!progress.whole && !STANDING.includes(said.verdict)) {
    return undefined;
  }
  const { verdict, sentence, since, against, next, heard, leaders, open } = said;
  return {
    verdict,
    wording: HEADLINES[verdict],
    sentence,
    suspected: leaders.length > 0,
    ...(since === undefined ? {} : { since }),
    ...(against === undefined ? {} : { against }),
    ...(next === undefined ? {} : { next }),
    // Until the last answer is in, what is not known yet would be called not asked.
    ...(heard === undefined || !progress.whole ? {} : { heard }),
    ...(open === undefined ? {} : { open }),
  };
}

function checking(progress: Evaluation['progress'], sentence: string): Headline | undefined {
  return progress.answered === 0 ? undefined : { verdict: 'checking', wording: CHECKING, sentence, suspected: false };
}

/** How a runbook stands, in the list of all of them. Green is for what was seen whole, and the grey one says so. */
export function runbookWording(diagnosis: RunbookDiagnosis): Wording {
  const { verdict } = headlineOf(diagnosis);
  if (verdict !== 'healthy' && verdict !== 'nothing-found') {
    return HEADLINES[verdict];
  }
  const { known, total } = diagnosis.coverage;
  return known === total
    ? {
        word: 'No symptom',
        icon: 'check-circle',
        tone: 'good',
        means: 'Everything was checked, and no symptom is present',
      }
    : {
        word: 'Partly checked',
        icon: 'info-circle',
        tone: 'neutral',
        means: `No symptom is present; ${total - known} of ${total} signals could not be checked`,
      };
}
