/** What an alert of `prevention` comes to with the values of its pack: the one home of what the rule and the page say. */
import { comparedNumber } from '../thresholdOf';
import { scaleDuration } from '../wording/duration';
import type { BoundPack } from '../model/bound';
import type { Prevention, Severity, Test } from '../model/pack';

/**
 * How long the alert holds before it fires, as a Prometheus duration: `{{hold}}`, or a time of its own in proportion to
 * that parameter. A pack whose `hold` is 5m by default and whose other alert holds 10m holds 10 s and 20 s when `hold`
 * is bound to 10s. Undefined when `hold` is named and has no value.
 *
 * Throws an Error when a time is no duration; a pack that was loaded has none of these.
 */
export function alertHold({ pack, values }: BoundPack, prevention: Prevention): string | undefined {
  const usual = pack.params['hold']?.default;
  const hold = values['hold'];
  if (/^\{\{\s*hold\s*\}\}$/.test(prevention.for)) {
    return hold;
  }
  return usual === undefined || hold === undefined || usual === hold
    ? prevention.for
    : scaleDuration(prevention.for, hold, usual);
}

/**
 * The threshold of an alert on a signal with this test: a critical alert is on the critical threshold where there is one,
 * the others are on the first. Undefined where the test compares with a text or with several values.
 */
export function alertThreshold(test: Test, severity: Severity): number | undefined {
  const critical = severity === 'critical' && 'critical' in test ? test.critical : undefined;
  return critical ?? comparedNumber(test);
}
