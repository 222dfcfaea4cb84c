/** A check of which nothing is known after all: what this service saw of it by its own clock proves nothing. */
import type { CheckResult } from '@live-runbooks/engine';
import { allChecks } from '../checks';

const TIMED = new Map(
  allChecks.filter((check) => check.timed === true).map(({ id, value }) => [id, value.field] as const)
);

/** Its value is a time that this service measured itself. */
export const isTimed = ({ id }: CheckResult): boolean => TIMED.has(id);

export const accuses = ({ state }: CheckResult): boolean => state === 'warning' || state === 'critical';

/** The check as unknown, without such a time, also where a field says it. */
export function doubted(check: CheckResult, says: Pick<CheckResult, 'summary' | 'mend'>): CheckResult {
  const field = TIMED.get(check.id);
  const fields = field === undefined ? check.fields : { ...check.fields, [field]: null };
  return { ...check, ...says, state: 'unknown', reason: 'timeout', value: null, fields };
}
