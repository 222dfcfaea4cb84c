import { testedRunbooks } from '../testedRunbooks';
import type { PackRule } from './rule';

export const untestedCause: PackRule = {
  id: 'untested-cause',
  what: 'No test of a runbook has a cause in the lead.',
  why: 'Nobody has checked that its evidence is enough.',
  mend: 'Add one with the evidence of the cause and `expect: { top: <cause> }`.',
  check: ({ loaded }, tell) => {
    for (const { id: runbook, causes, tests } of testedRunbooks(loaded.pack)) {
      for (const { id } of causes) {
        if (!tests.some(({ expect }) => expect.top === id)) {
          tell(`cause ${runbook}/${id}`, `no test has \`${id}\` in the lead (expect: { top: ${id} })`);
        }
      }
    }
  },
};
