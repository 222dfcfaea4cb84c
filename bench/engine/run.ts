/**
 * How long one evaluation takes: every reading judged, every runbook diagnosed, triage over all of them.
 * Fails when 100 runbooks × 1,000 signals take more than 5 ms in the median, or when twice the size takes more than
 * three times as long (twice would be linear).
 */
import { bind, diagnose, judgeAll, plan, triage, type Reading } from '../../engine/src/index';
import { makeEstate } from './estate';

const BUDGET_MS = 5;
const ROUNDS = 40;
/** The machine may be busy with something else: the batch that was disturbed least counts. */
const BATCHES = 15;
const NOW = 1_000_500;

function median(runbooks: number, signals: number): number {
  const { pack, read } = makeEstate(runbooks, signals);
  const bound = bind(pack, {});
  const planned = plan([bound]);
  // Different readings in turn: nothing may be remembered from the last evaluation.
  const sets = Array.from(
    { length: 8 },
    () => new Map<string, Reading>(planned.queries.map((query) => [query.id, read(query.source)]))
  );
  const medians = Array.from({ length: BATCHES }, () => {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const readings = sets[round % sets.length] ?? new Map<string, Reading>();
      const begun = performance.now();
      const outcomes = judgeAll([bound], planned, readings, NOW);
      const diagnoses = pack.runbooks.map(({ id }) => diagnose(bound, id, outcomes, NOW));
      const result = triage([bound], diagnoses, outcomes, NOW);
      times.push(performance.now() - begun);
      if (result.suspects.length === 0) {
        throw new Error('the benchmark found no suspect: it measures nothing');
      }
    }
    return times.sort((a, b) => a - b)[ROUNDS / 2] ?? Infinity;
  });
  return Math.min(...medians);
}

// The first size warms the compiler up for the second one too.
median(100, 1000);
const small = median(100, 1000);
const large = median(200, 2000);
const ratio = large / small;
const show = (ms: number) => `${ms.toFixed(2)} ms`;
console.log(`engine: 100 runbooks x 1,000 signals: ${show(small)} (budget ${BUDGET_MS} ms)`);
console.log(`engine: 200 runbooks x 2,000 signals: ${show(large)}, ratio ${ratio.toFixed(2)} (2 is linear)`);
if (small > BUDGET_MS || ratio > 3) {
  console.error('engine: over budget');
  process.exitCode = 1;
}
