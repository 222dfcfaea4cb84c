import type { PackRule } from './rule';

export const noTests: PackRule = {
  id: 'no-tests',
  what: 'A runbook has no `tests`.',
  why: 'Nobody has checked that it names the right cause.',
  mend: 'Add a test for each cause, one for the healthy state, and one in which nothing is known.',
  check: ({ loaded }, tell) => {
    for (const { id, tests } of loaded.pack.runbooks) {
      if (tests.length === 0) {
        tell(`runbook ${id}`, `the runbook \`${id}\` has no tests`);
      }
    }
  },
};
