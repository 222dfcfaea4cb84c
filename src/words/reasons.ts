import type { IconName } from '@grafana/data';
import type { UnknownReason } from '@live-runbooks/engine';

/** Why something is not known, in words that a reader at 3 a.m. does not have to look up. */
export const REASONS: Readonly<Record<UnknownReason, { readonly title: string; readonly icon: IconName }>> = {
  'not-configured': { title: 'Not configured', icon: 'cog' },
  'no-permission': { title: 'Not permitted', icon: 'lock' },
  'query-error': { title: 'The query failed', icon: 'exclamation-triangle' },
  timeout: { title: 'No answer in time', icon: 'clock-nine' },
  'no-series': { title: 'No data', icon: 'circle' },
  stale: { title: 'Too old to trust', icon: 'history' },
  cancelled: { title: 'Not answered yet', icon: 'sync' },
  'not-applicable': { title: 'Does not apply now', icon: 'minus-circle' },
};

/** The order in which groups of unknowns are shown: what a person can mend first comes first. */
export const REASON_ORDER = Object.keys(REASONS) as readonly UnknownReason[];
