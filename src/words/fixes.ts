import type { IconName } from '@grafana/data';
import { formatDuration, type FilledFix, type Fix, type FixWatch } from '@live-runbooks/engine';
import type { Tone } from './verdict';

interface Word {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: Tone;
}

export const KINDS: Readonly<Record<Fix['kind'], string>> = {
  read: 'Inspect',
  mitigate: 'Fix now',
  permanent: 'Prevent',
};

/** Safe is not always read-only: fresh statistics do no harm, and change something. */
export function riskWord({ kind, risk }: Fix): Word {
  switch (risk) {
    case 'safe':
      return { word: kind === 'read' ? 'read-only' : 'safe', icon: 'shield', tone: 'good' };
    case 'reversible':
      return { word: 'reversible', icon: 'history', tone: 'warning' };
    case 'destructive':
      return { word: 'cannot be undone', icon: 'exclamation-triangle', tone: 'critical' };
  }
}

/** Whether a precondition is met: its signal is as the fix wants it. */
export function preconditionWord({ state, wanted }: FilledFix['preconditions'][number]): Word {
  if (state === 'unknown') {
    return { word: 'not known', icon: 'question-circle', tone: 'unknown' };
  }
  return state === wanted
    ? { word: 'condition met', icon: 'check', tone: 'good' }
    : { word: 'not met', icon: 'times', tone: 'critical' };
}

/** What will be seen when it worked: "Workers back to 1 or more within 3 min". */
export function successWords({ says, within }: NonNullable<FilledFix['verify']>): string {
  return `${says}, within ${formatDuration(within)}`;
}

export const WATCHES: Readonly<Record<FixWatch['state'], Word>> = {
  worked: { word: 'It worked', icon: 'check-circle', tone: 'good' },
  waiting: { word: 'Watching', icon: 'eye', tone: 'neutral' },
  'no-change': { word: 'No change', icon: 'exclamation-triangle', tone: 'warning' },
  relapsed: { word: 'It came back', icon: 'exclamation-triangle', tone: 'warning' },
  unknown: { word: 'Cannot tell', icon: 'question-circle', tone: 'unknown' },
};
