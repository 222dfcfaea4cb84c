import { causesOf } from '../causesOf';
import type { PackRule } from './rule';

/** What is called trouble has to be judged on Triage and to lead to a runbook; only what would count can be denied. */
export const trouble: PackRule = {
  id: 'trouble',
  what: '`trouble: true` stands at a signal that no runbook judges, or `trouble: false` at one that has no `critical` threshold and so is no trouble.',
  why: 'Triage would report trouble and could name no runbook; `false` without effect misleads its reader.',
  mend: 'Use the signal as a symptom or as evidence, or delete `trouble`.',
  check: ({ loaded: { pack } }, tell) => {
    const judged = new Set([
      ...pack.runbooks.flatMap(({ symptoms }) => symptoms),
      ...causesOf(pack).flatMap(({ cause }) => cause.evidence.map(({ signal }) => signal)),
    ]);
    for (const { id, test, trouble: said } of Object.values(pack.signals)) {
      if (said === true && !judged.has(id)) {
        tell(
          `signal ${id}`,
          `\`${id}\` is called trouble, and no runbook has it as a symptom or as evidence: nobody would say where to look`,
          ['trouble']
        );
      }
      if (said === false && !('critical' in test)) {
        tell(`signal ${id}`, `\`trouble: false\` says nothing here: \`${id}\` has no \`critical\` threshold`, [
          'trouble',
        ]);
      }
    }
  },
};
