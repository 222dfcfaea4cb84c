import type { PackTest } from '../../../model/pack';
import { testedRunbooks } from '../testedRunbooks';
import type { PackRule } from './rule';

export const noHealthyTest: PackRule = {
  id: 'no-healthy-test',
  what: 'A runbook has no test in which nothing is wrong.',
  why: 'It may accuse a cause while everything is healthy.',
  mend: 'Add one: `{ name: healthy, rest: absent, expect: { top: none } }`.',
  check: ({ loaded }, tell) => {
    for (const { id, tests } of testedRunbooks(loaded.pack)) {
      if (!tests.some((test) => test.rest === 'absent' && test.expect.top === 'none' && nonePresent(test))) {
        tell(`runbook ${id}`, `no test shows \`${id}\` healthy: nothing present, rest: absent, expect: { top: none }`, [
          'tests',
        ]);
      }
    }
  },
};

function nonePresent({ given }: PackTest): boolean {
  return Object.values(given).every(({ state }) => state === 'absent');
}
