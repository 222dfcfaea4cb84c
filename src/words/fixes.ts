import type { IconName } from '@grafana/data';
import type { Fix, FixWatch, OutcomeState } from '@live-runbooks/engine';
import type { Tone } from './verdict';

export const KINDS: Readonly<Record<Fix['kind'], string>> = {
  read: 'Look',
  mitigate: 'Mitigate now',
  permanent: 'Mend for good',
};

export const RISKS: Readonly<Record<Fix['risk'], { word: string; icon: IconName; tone: Tone }>> = {
  safe: { word: 'changes nothing', icon: 'shield', tone: 'good' },
  reversible: { word: 'reversible', icon: 'history', tone: 'warning' },
  destructive: { word: 'cannot be undone', icon: 'exclamation-triangle', tone: 'critical' },
};

export const PRECONDITIONS: Readonly<Record<OutcomeState, { word: string; icon: IconName; tone: Tone }>> = {
  present: { word: 'met', icon: 'check', tone: 'good' },
  absent: { word: 'not met', icon: 'times', tone: 'critical' },
  unknown: { word: 'not known', icon: 'question-circle', tone: 'unknown' },
};

export const WATCHES: Readonly<Record<FixWatch['state'], { word: string; icon: IconName; tone: Tone }>> = {
  worked: { word: 'It worked', icon: 'check-circle', tone: 'good' },
  waiting: { word: 'Watching', icon: 'eye', tone: 'neutral' },
  'no-change': { word: 'No change', icon: 'exclamation-triangle', tone: 'warning' },
  unknown: { word: 'Cannot tell', icon: 'question-circle', tone: 'unknown' },
};
