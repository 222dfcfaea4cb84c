import type { Runbook } from '@live-runbooks/engine';

type Covers = Pick<Runbook, 'covers'>;

/** `Guide section`, or the plural. */
export const guideLabel = ({ covers }: Covers): string => `Guide section${covers.length === 1 ? '' : 's'}`;

/** Where the written guide says it: `Guide section G18`, `Guide sections G18, G19`; nothing for a runbook without one. */
export function guideSections(runbook: Covers): string {
  return runbook.covers.length === 0 ? '' : `${guideLabel(runbook)} ${runbook.covers.join(', ')}`;
}
