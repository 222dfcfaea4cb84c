import { formatUnit, type Outcome, type Signal, type Test } from '@live-runbooks/engine';
import { REASONS } from '../words/reasons';

/** The number behind an outcome against its threshold: `14 > 0`, `12 % ≤ 90 %`; for an unknown, why. */
export function measured(outcome: Outcome, signal: Signal | undefined): string {
  if (outcome.state === 'unknown') {
    return REASONS[outcome.reason ?? 'query-error'].title.toLowerCase();
  }
  if (outcome.value === undefined || !signal) {
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

/** A test in words, for a table of rules: `above 90 %`; a critical rule is on the critical threshold where there is one. */
export function testInWords(test: Test, unit: string, critical = false): string {
  if ('above' in test) {
    return `above ${formatUnit((critical ? test.critical : undefined) ?? test.above, unit)}`;
  }
  if ('below' in test) {
    return `below ${formatUnit((critical ? test.critical : undefined) ?? test.below, unit)}`;
  }
  if ('oneOf' in test) {
    return `is one of ${test.oneOf.map(String).join(', ')}`;
  }
  return 'is' in test ? `is ${String(test.is)}` : `is not ${String(test.isNot)}`;
}
