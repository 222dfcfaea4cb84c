import { bind } from '../planning/bind';
import { diagnose } from '../ranking/diagnose';
import type { RunbookDiagnosis } from '../model/diagnosis';
import type { Pack, PackTest, Runbook } from '../model/pack';
import { givenOutcomes, NOW } from './givenOutcomes';

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
  const { top, verdict, refuted, explained, says } = test.expect;
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
  for (const id of explained ?? []) {
    const actual = diagnosis.causes.find((cause) => cause.id === id);
    if (actual?.explainedBy === undefined) {
      failures.push(`expected ${id} to be explained by something else, it is ${actual?.verdict ?? 'not there'}`);
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

/** The diagnosis of a test's given outcomes. */
export function diagnoseTest(pack: Pack, runbook: Runbook, test: PackTest): RunbookDiagnosis {
  const outcomes = givenOutcomes(pack, test);
  return diagnose(bind(pack, {}), runbook.id, outcomes, NOW);
}
