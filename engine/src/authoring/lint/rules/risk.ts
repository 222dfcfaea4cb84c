import { DESTRUCTIVE, DISTURBING, deedOf } from '../fixes/deeds';
import { fixRule } from './fixRule';

/** The risk of a fix is what its command does, not what its author hopes. */
export const risk = fixRule({
  id: 'risk',
  what: 'The `risk` of a fix is lower than what its command does, `safe` for a restart or `reversible` for `FLUSHALL`; or a fix that only reads has another one than `safe`.',
  why: 'A person runs what cannot be undone and was told that it can.',
  mend: 'Write the risk that the message names.',
  check: (fix, _pack, tell) => {
    if (fix.kind === 'read' && fix.risk !== 'safe') {
      tell('only reads, so its risk is safe', ['risk']);
    }
    const destroys = deedOf(fix, DESTRUCTIVE);
    const disturbs = destroys ?? deedOf(fix, DISTURBING);
    if (destroys !== undefined && fix.risk !== 'destructive') {
      tell(`${destroys}, so its risk is destructive`, ['risk']);
    } else if (disturbs !== undefined && fix.risk === 'safe') {
      tell(`${disturbs}, so its risk is not safe`, ['risk']);
    }
  },
});
