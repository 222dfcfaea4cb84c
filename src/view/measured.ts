import {
  alertThreshold,
  comparedNumber,
  formatUnit,
  listed,
  namedValue,
  type Outcome,
  type Scalar,
  type Severity,
  type Signal,
  type Test,
} from '@live-runbooks/engine';
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
  const limit = outcome.threshold ?? comparedNumber(signal.test);
  const sign = relation(signal.test, outcome.state === 'present');
  return limit === undefined || sign === undefined
    ? value
    : `${value} ${sign} ${formatUnit(limit, outcome.unit ?? signal.unit)}`;
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

/** The test of an alert's rule in words: `above 90 %`, `“loading its data” or “no answer in time”`, `anything but 1`. */
export function testInWords({ test, unit, query }: Signal, severity: Severity): string {
  const threshold = alertThreshold(test, severity);
  if ('above' in test || 'below' in test) {
    return `${'above' in test ? 'above' : 'below'} ${threshold === undefined ? '' : formatUnit(threshold, unit)}`;
  }
  const column = query.source === 'diagnostics' && 'field' in query.read ? query.read.field : '';
  const words = (value: Scalar) => valueInWords(column, value, unit);
  if ('oneOf' in test) {
    return listed(test.oneOf.map(words), 'or');
  }
  return 'is' in test ? words(test.is) : `anything but ${words(test.isNot)}`;
}

function valueInWords(column: string, value: Scalar, unit: string): string {
  switch (typeof value) {
    case 'number':
      return formatUnit(value, unit);
    case 'boolean':
      return value ? 'yes' : 'no';
    default:
      return value === null ? 'no value' : `“${String(namedValue(column, value))}”`;
  }
}
