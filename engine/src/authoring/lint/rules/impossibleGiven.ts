import { compares, same } from '../../../judging/threshold';
import type { Scalar } from '../../../model/outcome';
import type { Condition, GivenOutcome, Signal } from '../../../model/pack';
import { notAmong } from '../../problem';
import { columnsOf } from '../columns';
import { notAValue } from './impossibleValue';
import type { Linted, PackRule } from './rule';

export const impossibleGiven: PackRule = {
  id: 'impossible-given',
  what: "A runbook's test gives a row that no source can answer: with a column that is not there, a value that it never has, or one that the signal's own `where` leaves out.",
  why: 'The test proves the ranking for an answer that never comes, and the real answer was never tried.',
  mend: 'Give the row that the source answers, as the demo or a real server shows it.',
  check: (linted, tell) => {
    const { pack } = linted.loaded;
    for (const runbook of pack.runbooks) {
      runbook.tests.forEach((test, index) => {
        for (const [id, given] of Object.entries(test.given)) {
          const signal = pack.signals[id];
          const wrong = signal === undefined ? [] : wrongIn(signal, given, linted);
          wrong.forEach((message) => tell(`test ${runbook.id}/${index}`, `\`${id}\`: ${message}`, ['given', id]));
        }
      });
    }
  },
};

function wrongIn(signal: Signal, { row = {}, state }: GivenOutcome, linted: Linted): string[] {
  const columns = columnsOf(signal, linted);
  const read = signal.query.source === 'diagnostics' ? signal.query.read : undefined;
  return Object.entries(row).flatMap(([column, value]) => {
    const fact = columns?.[column];
    if (columns !== undefined && fact === undefined) {
      return [`${notAmong('the column', column, Object.keys(columns))} in its rows`];
    }
    const never = fact === undefined ? undefined : notAValue(fact, value);
    if (never !== undefined) {
      return [`\`${column}\` ${never}`];
    }
    const condition = read !== undefined && 'rows' in read ? read.where[column] : undefined;
    return condition !== undefined && state === 'present' && !meets(condition, value)
      ? [`its \`where\` leaves out a row with ${column}: ${String(value)} (${JSON.stringify(condition)})`]
      : [];
  });
}

/** Whether a query keeps a row with this value. What a parameter decides may be kept. */
function meets(condition: Condition, value: Scalar): boolean {
  if ('is' in condition) {
    return (typeof condition.is === 'string' && condition.is.includes('{{')) || same(condition.is, value);
  }
  return 'oneOf' in condition ? condition.oneOf.some((wanted) => same(wanted, value)) : compares(condition, value);
}
