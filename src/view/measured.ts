import { alertThreshold, formatUnit, type Outcome, type Severity, type Signal, type Test } from '@live-runbooks/engine';
import { REASONS } from '../words/reasons';

/** The number behind an outcome against its threshold: `14 > 0`, `12 % ≤ 90 %`; for an unknown, why. */
export function measured(outcome: Outcome, signal: Signal | undefined): string {
  if (outcome.state === 'unknown') {
    return REASONS[outcome.reason ?? 'query-error'].title.toLowerCase();
  }
  // A change is there or not; by how much of the look-back is no measure of it.
  if (outcome.value === undefined || !signal || signal.change !== undefined) {
    return outcome.state;
  }
  const value = formatUnit(outcome.value, outcome.unit ?? signal.unit);
  const limit = outcome.threshold ?? thresholdOf(signal.test);
  const sign = relation(signal.test, outcome.state === 'present');
  return limit === undefined || sign === undefined
    ? value
    : `${value} ${sign} ${formatUnit(limit, outcome.unit ?? signal.unit)}`;
}

/** The threshold of a test as a number, if it has one. */
export function thresholdOf(test: Test): number | undefined {
  if ('above' in test) {
    return test.above;
  }
  if ('below' in test) {
    return test.below;
  }
  const value = 'oneOf' in test ? undefined : 'is' in test ? test.is : test.isNot;
  return typeof value === 'number' ? value : undefined;
}

function relation(test: Test, present: boolean): string | undefined {
  if ('above' in test) {
    return present ? '>' : '≤';
  }
  if ('below' in test) {
    return present ? '<' : '≥';
  }
  return ('is' in test || 'oneOf' in test) === present ? '=' : '≠';
}

/** The test of an alert's rule in words: `above 90 %`. */
export function testInWords(test: Test, unit: string, severity: Severity): string {
  const threshold = alertThreshold(test, severity);
  if ('above' in test || 'below' in test) {
    return `${'above' in test ? 'above' : 'below'} ${threshold === undefined ? '' : formatUnit(threshold, unit)}`;
  }
  if ('oneOf' in test) {
    return `is one of ${test.oneOf.map(String).join(', ')}`;
  }
  return 'is' in test ? `is ${String(test.is)}` : `is not ${String(test.isNot)}`;
}
