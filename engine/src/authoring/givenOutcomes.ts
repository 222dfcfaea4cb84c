/** The outcomes that a test gives. */
import { marginOf, passes } from '../judging/threshold';
import { thresholdOf } from '../thresholdOf';
import type { Outcome } from '../model/outcome';
import type { GivenOutcome, Pack, PackTest, Signal } from '../model/pack';

/** The moment at which the tests of packs take place; ms. Any would do, a fixed one repeats. */
export const NOW = Date.UTC(2025, 0, 1);

/** An outcome for every signal of a pack, by its key; what the test does not give is as its `rest`. */
export function givenOutcomes(
  { id: owner, signals }: Pick<Pack, 'id' | 'signals'>,
  { given, rest }: Pick<PackTest, 'given' | 'rest'>
): Map<string, Outcome> {
  const givenOf = (id: string | undefined) => (id !== undefined && Object.hasOwn(given, id) ? given[id] : undefined);
  // What is true of the window is true of its last part, unless the test says that it fades.
  const mirrors = new Map(
    Object.values(signals).flatMap(({ id, recent }): Array<[string, string]> =>
      recent === undefined ? [] : [[recent, id]]
    )
  );
  return new Map(
    Object.values(signals).map((signal) => [
      `${owner}/${signal.id}`,
      givenOutcome(signal, givenOf(signal.id) ?? givenOf(mirrors.get(signal.id)) ?? { state: rest }),
    ])
  );
}

function givenOutcome(signal: Signal, given: GivenOutcome): Outcome {
  const { test } = signal;
  if (given.state === 'unknown') {
    return {
      signal: signal.id,
      state: 'unknown',
      reason: 'not-configured',
      detail: 'unknown in this test',
      rows: [],
      askedAt: NOW,
      tookMs: 0,
    };
  }
  const countsRows = signal.query.source === 'diagnostics' && 'rows' in signal.query.read;
  const value = given.value ?? (countsRows ? (given.state === 'present' ? 1 : 0) : undefined);
  const margin =
    given.state === 'present' && value !== undefined && passes(test, value) ? marginOf(test, value) : undefined;
  const threshold = thresholdOf(test);
  return {
    signal: signal.id,
    state: given.state,
    ...(given.severity === undefined ? {} : { severity: given.severity }),
    ...(value === undefined ? {} : { value }),
    unit: signal.unit,
    ...(threshold === undefined ? {} : { threshold }),
    ...(margin === undefined ? {} : { margin }),
    ...(given.since === undefined ? {} : { since: given.since < 0 ? NOW + given.since : given.since }),
    rows: given.row === undefined ? [] : [given.row],
    askedAt: NOW,
    tookMs: 0,
  };
}
