import { testedRunbooks } from '../testedRunbooks';
import type { PackRule } from './rule';

export const noBlindTest: PackRule = {
  id: 'no-blind-test',
  what: 'A runbook has no test in which nothing is known.',
  why: 'It may accuse a cause although no source answered.',
  mend: 'Add one: `{ name: blind, rest: unknown, expect: { top: none } }`.',
  check: ({ loaded }, tell) => {
    for (const { id, tests } of testedRunbooks(loaded.pack)) {
      if (!tests.some(({ expect, rest }) => rest === 'unknown' && expect.top === 'none')) {
        tell(`runbook ${id}`, `no test shows \`${id}\` blind: rest: unknown, expect: { top: none }`, ['tests']);
      }
    }
  },
};
