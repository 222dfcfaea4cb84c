/** How bad something is that no runbook explains. Always a word and an icon; the colour only repeats them. */
import type { Finding } from '@live-runbooks/engine';
import type { Wording } from './verdict';

export const SEVERITIES: Readonly<Record<Finding['severity'], Wording>> = {
  critical: {
    word: 'Critical',
    icon: 'exclamation-circle',
    tone: 'critical',
    means: 'Something is broken or about to be',
  },
  warning: {
    word: 'Warning',
    icon: 'exclamation-triangle',
    tone: 'warning',
    means: 'Not broken, and not as it should be',
  },
  info: { word: 'Note', icon: 'info-circle', tone: 'neutral', means: 'Worth knowing; nothing is broken' },
};
