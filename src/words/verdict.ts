/** A verdict is always a word and an icon; the colour only repeats what they say. */
import type { IconName } from '@grafana/data';
import type { Headline, Verdict } from '@live-runbooks/engine';

export type Tone = 'critical' | 'warning' | 'neutral' | 'good' | 'unknown';

export interface Wording {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: Tone;
  /** What the word claims, for a tooltip. */
  readonly means: string;
}

export const VERDICTS: Readonly<Record<Verdict, Wording>> = {
  likely: {
    word: 'Likely',
    icon: 'exclamation-circle',
    tone: 'critical',
    means: 'The evidence clearly speaks for this cause',
  },
  possible: {
    word: 'Possible',
    icon: 'exclamation-triangle',
    tone: 'warning',
    means: 'Some evidence speaks for this cause, and it is not ruled out',
  },
  unlikely: { word: 'Unlikely', icon: 'minus-circle', tone: 'neutral', means: 'Little speaks for this cause' },
  refuted: { word: 'Ruled out', icon: 'times-circle', tone: 'neutral', means: 'The evidence rules this cause out' },
  'cannot-assess': {
    word: 'Cannot assess',
    icon: 'question-circle',
    tone: 'unknown',
    means: 'Too little is known to say anything about this cause',
  },
};

/** The first word of a page, by what the engine concludes. Green is for `healthy` alone. */
export const HEADLINES: Readonly<Record<Headline['verdict'], Wording>> = {
  likely: VERDICTS.likely,
  possible: VERDICTS.possible,
  problem: {
    word: 'Problem',
    icon: 'exclamation-circle',
    tone: 'critical',
    means: 'A symptom is present, or something critical that no runbook explains',
  },
  warning: {
    word: 'Warning',
    icon: 'exclamation-triangle',
    tone: 'warning',
    means: 'No symptom is present; a check or an alert warns of something that no runbook explains',
  },
  // Over, but still within the window that is measured: neither a problem to chase nor all clear.
  recovering: {
    word: 'Recovering',
    icon: 'history',
    tone: 'neutral',
    means: 'What was wrong is over, and fades from the window that is measured. No cause is named meanwhile',
  },
  healthy: {
    word: 'Nothing wrong',
    icon: 'check-circle',
    tone: 'good',
    means: 'Every symptom was checked and none is present; no check is critical and no alert fires',
  },
  'no-known-problem': {
    word: 'No known problem',
    icon: 'check-circle',
    tone: 'neutral',
    means: 'No symptom is present, no check is critical and no alert fires in what is connected; logs are not',
  },
  'nothing-found': {
    word: 'Nothing wrong found',
    icon: 'info-circle',
    tone: 'neutral',
    means: 'No symptom is present among those that could be checked; some could not',
  },
  'cannot-assess': {
    word: 'Cannot assess',
    icon: 'question-circle',
    tone: 'unknown',
    means: 'Too little could be checked to say that nothing is wrong',
  },
};

export const CHECKING: Wording = {
  word: 'Checking',
  icon: 'sync',
  tone: 'neutral',
  means: 'Answers are still arriving',
};
