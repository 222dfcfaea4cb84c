import { passes } from '../../../judging/threshold';
import type { Pack, PackTest } from '../../../model/pack';
import { isServing } from '../serving';
import type { Linted, PackRule } from './rule';

export const given: PackRule = {
  id: 'given',
  what: 'A test gives a value that the threshold of the signal judges the other way, or two facts that one answer of a check never holds together: a server that is down, and its class for too many clients.',
  why: 'The test proves the ranking for a situation that cannot happen.',
  mend: 'Give the value, or the row, that the source answers in this situation.',
  check: (linted, tell) => {
    const { pack } = linted.loaded;
    for (const { id: runbook, tests } of pack.runbooks) {
      tests.forEach((test, index) => {
        for (const [id, problem] of [...thresholdsIn(test, pack), ...contradictionsIn(test, linted)]) {
          tell(`test ${runbook}/${index}`, problem, ['given', id]);
        }
      });
    }
  },
};

type Found = readonly [signal: string, problem: string];

/** A given value must be what the signal's own test makes of it. */
function thresholdsIn({ given: outcomes }: PackTest, { signals }: Pack): Found[] {
  return Object.entries(outcomes).flatMap(([id, { state, value }]): Found[] => {
    const test = signals[id]?.test;
    if (test === undefined || value === undefined || !('above' in test || 'below' in test)) {
      return [];
    }
    const made = passes(test, value) ? 'present' : 'absent';
    return (made === 'present') === (state === 'present')
      ? []
      : [[id, `${value} makes \`${id}\` ${made}, not ${state} (${JSON.stringify(test)})`]];
  });
}

/** One answer of a check has one word: a test may not give that a server is down and that it refuses for being full. */
function contradictionsIn({ given: outcomes }: PackTest, linted: Linted): Found[] {
  const said = new Map<string, { readonly up: boolean; readonly by: string }>();
  return Object.entries(outcomes).flatMap(([id, outcome]): Found[] => {
    const check = checkOf(id, linted);
    return isServing(id, outcome, linted).flatMap((up): Found[] => {
      const earlier = said.get(check);
      said.set(check, { up, by: id });
      return earlier === undefined || earlier.up === up
        ? []
        : [
            [
              id,
              `\`${id}\` and \`${earlier.by}\` contradict each other: the service calls a server with that class ${up ? 'up' : 'down'}`,
            ],
          ];
    });
  });
}

function checkOf(id: string, { loaded }: Linted): string {
  const query = loaded.pack.signals[id]?.query;
  return query?.source === 'diagnostics' ? query.check : '';
}
