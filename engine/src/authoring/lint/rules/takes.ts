import { formatDuration } from '../../../wording/units';
import { parseSeconds } from '../../notation/values';
import { isChange } from '../fixes/isChange';
import { fixRule } from './fixRule';

/** What takes its time after the command has returned, or before it returns. */
const SLOW =
  /\bkubectl\b[^|;&]*\s(?:scale|set|delete|rollout\s+(?:undo|restart|status))\s|\bCREATE\s+INDEX\b|\bREINDEX\b|\bVACUUM\b|\bBGSAVE\b/i;

export const takes = fixRule({
  id: 'takes',
  what: 'A fix starts work that takes time (a rollout, the build of an index, VACUUM) and does not say how long, or says less than its own `--timeout` or its own `soonest`.',
  why: 'Its success is judged before it can show.',
  mend: 'Say how long the work takes at most: `takes: 5m`.',
  check: (fix, _pack, tell) => {
    if (!isChange(fix)) {
      return;
    }
    if (SLOW.test(fix.command) && fix.takes === 0) {
      tell('starts something that takes its time: say how long at most (takes)');
    }
    const timeout = parseSeconds(/--timeout=(\w+)/.exec(fix.command)?.[1] ?? 0);
    if (timeout !== undefined && timeout > fix.takes) {
      tell(`waits up to ${formatDuration(timeout)} by its own --timeout: it takes at least that long`, ['takes']);
    }
    if (fix.takes > 0 && fix.soonest > fix.takes) {
      tell('cannot have its first effect after its last: soonest is more than takes', ['soonest']);
    }
  },
});
