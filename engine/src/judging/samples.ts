import type { Outcome, Reading, Row } from '../model/outcome';
import type { Signal } from '../model/pack';
import { empty, MAX_ROWS, outcome } from './outcomeOf';
import { passes, worse } from './threshold';

/** The worst series decides; those that pass the test are its rows. */
export function judgeSamples(signal: Signal, reading: Extract<Reading, { kind: 'samples' }>): Outcome {
  const { test } = signal;
  const known = reading.samples.some(({ value }) => Number.isNaN(value))
    ? reading.samples.filter(({ value }) => !Number.isNaN(value))
    : reading.samples;
  if (known.length === 0) {
    return empty(
      signal,
      reading,
      reading.samples.length === 0 ? 'the answer holds no series' : 'the answer is no number (0/0)'
    );
  }
  const sorted =
    known.length === 1
      ? known
      : [...known].sort((a, b) => worse(test, a.value, b.value) || compareLabels(a.labels, b.labels));
  const rows: Row[] = [];
  for (const { value, labels } of sorted) {
    if (rows.length < MAX_ROWS && passes(test, value)) {
      rows.push({ ...labels, value });
    }
  }
  return outcome(signal, sorted[0]?.value ?? 0, rows, reading);
}

/** Among equally bad series the order is that of their labels, whatever order the source answered in. */
function compareLabels(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): number {
  for (const name of Object.keys({ ...a, ...b }).sort()) {
    const left = a[name];
    const right = b[name];
    if (left !== right) {
      return right === undefined || (left !== undefined && left < right) ? -1 : 1;
    }
  }
  return 0;
}
