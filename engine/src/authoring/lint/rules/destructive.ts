import type { Fix } from '../../../model/pack';
import { fixRule } from './fixRule';

export const destructive = fixRule({
  id: 'destructive',
  what: 'A fix of the risk `destructive` has no `confirm`, or a command ends every session that matches and has neither `rollback` nor `confirm`.',
  why: 'A person copies it without knowing what it deletes or interrupts.',
  mend: 'Add `confirm` with a question about what has to be known first, such as "Is there a backup of today?"; for sessions, `rollback` may say how their clients recover.',
  check: (fix, _pack, tell) => {
    if (fix.risk === 'destructive' && fix.confirm === undefined) {
      tell('is destructive: give it a confirm that asks what has to be known first');
    }
    if (terminatesMany(fix) && fix.rollback === undefined && fix.confirm === undefined) {
      tell('ends sessions without naming one: give it a rollback or a confirm that says what they lose');
    }
  },
});

/** pg_terminate_backend of whoever matches, and not of one pid that is filled in. */
function terminatesMany({ command }: Fix): boolean {
  return /pg_terminate_backend/i.test(command) && !/\bpid\s*=\s*\{\{|pg_terminate_backend\(\s*\{\{/i.test(command);
}
