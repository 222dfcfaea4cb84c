import { bind } from '../planning/bind';
import { diagnose } from '../ranking/diagnose';
import { marginOf, passes } from '../judging/threshold';
import type { RunbookDiagnosis } from '../model/diagnosis';
import type { Outcome } from '../model/outcome';
import type { GivenOutcome, Pack, PackTest, Runbook, Signal } from '../model/pack';

/** The moment at which the tests of packs take place; ms. Any would do, a fixed one repeats. */
const NOW = Date.UTC(2025, 0, 1);

export interface TestResult {
  readonly pack: string;
  readonly runbook: string;
  readonly index: number;
  readonly name: string;
  /** What differs from what was expected; empty when it passed. */
  readonly failures: readonly string[];
  readonly diagnosis: RunbookDiagnosis;
}

/** Runs the tests that the runbooks of a pack carry, in order. */
export function runPackTests(pack: Pack): TestResult[] {
  return pack.runbooks.flatMap((runbook) => runbook.tests.map((test, index) => runTest(pack, runbook, test, index)));
}

/** Runs one test of a runbook; `index` is its place, for messages. */
export function runTest(pack: Pack, runbook: Runbook, test: PackTest, index: number): TestResult {
  const diagnosis = diagnoseTest(pack, runbook, test);
  const { top, verdict, refuted, says } = test.expect;
  const failures: string[] = [];
  const led = diagnosis.leaders[0] ?? 'none';
  if (led !== top) {
    failures.push(
      `expected ${top === 'none' ? 'that nothing leads' : `${top} to lead`}, but ${led === 'none' ? 'nothing leads' : `${led} leads`}`
    );
  }
  const found = top === 'none' ? diagnosis.verdict : diagnosis.causes.find(({ id }) => id === top)?.verdict;
  if (verdict !== undefined && found !== verdict) {
    failures.push(`expected the verdict ${verdict}, got ${found ?? 'none'}`);
  }
  for (const id of refuted ?? []) {
    const actual = diagnosis.causes.find((cause) => cause.id === id);
    if (actual?.verdict !== 'refuted') {
      failures.push(`expected ${id} to be refuted, it is ${actual?.verdict ?? 'not there'}`);
    }
  }
  if (says !== undefined) {
    const sentences = [diagnosis.sentence, diagnosis.causes.find(({ id }) => id === top)?.says ?? ''];
    if (!sentences.some((sentence) => sentence.includes(says))) {
      failures.push(`expected the verdict to say "${says}", it says "${diagnosis.sentence}"`);
    }
  }
  return { pack: pack.id, runbook: runbook.id, index, name: test.name, failures, diagnosis };
}

function givenOf({ given }: PackTest, signal: string | undefined): GivenOutcome | undefined {
  return signal !== undefined && Object.hasOwn(given, signal) ? given[signal] : undefined;
}

/** The diagnosis of a test's given outcomes. */
export function diagnoseTest(pack: Pack, runbook: Runbook, test: PackTest): RunbookDiagnosis {
  const outcomes = new Map<string, Outcome>();
  // What is true of the window is true of its last part, unless the test says that it fades.
  const mirrors = new Map(
    Object.values(pack.signals).flatMap(({ id, recent }): Array<[string, string]> =>
      recent === undefined ? [] : [[recent, id]]
    )
  );
  for (const signal of Object.values(pack.signals)) {
    const given: GivenOutcome = givenOf(test, signal.id) ??
      givenOf(test, mirrors.get(signal.id)) ?? { state: test.rest };
    outcomes.set(`${pack.id}/${signal.id}`, givenOutcome(signal, given));
  }
  return diagnose(bind(pack, {}), runbook.id, outcomes, NOW);
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
  const threshold = 'above' in test ? test.above : 'below' in test ? test.below : undefined;
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
