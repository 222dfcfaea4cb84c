/** Whether a fix worked is seen: on the right signal, and not before it can show. */
import { bind } from '../../../bind';
import { windowSeconds } from '../../../fixing/window';
import { formatDuration } from '../../../units';
import { parseSeconds } from '../../notation/values';
import type { FixRule } from './rule';

/** What takes its time after the command has returned, or before it returns. */
const SLOW =
  /\bkubectl\b[^|;&]*\s(?:scale|set|delete|rollout\s+(?:undo|restart|status))\s|\bCREATE\s+INDEX\b|\bREINDEX\b|\bVACUUM\b|\bBGSAVE\b/i;

export const successIsSeen: FixRule = (fix, pack, tell) => {
  const { verify } = fix;
  if (fix.kind === 'read' || fix.language === 'text') {
    if (verify !== undefined) {
      tell('verify', 'has nothing to verify: it only reads, or is no command', ['verify']);
    }
    return;
  }
  if (SLOW.test(fix.command) && fix.takes === 0) {
    tell('takes', 'starts something that takes its time: say how long at most (takes)');
  }
  const timeout = parseSeconds(/--timeout=(\w+)/.exec(fix.command)?.[1] ?? 0);
  if (timeout !== undefined && timeout > fix.takes) {
    tell('takes', `waits up to ${formatDuration(timeout)} by its own --timeout: it takes at least that long`, [
      'takes',
    ]);
  }
  if (fix.takes > 0 && fix.soonest > fix.takes) {
    tell('takes', 'cannot have its first effect after its last: soonest is more than takes', ['soonest']);
  }
  if (verify === undefined) {
    if (fix.unverified === undefined) {
      tell(
        'no-verify',
        'changes something: name the signal that shows whether it worked (verify), or why none does (unverified)'
      );
    }
    return;
  }
  const signal = pack.signals[verify.signal];
  if (signal === undefined) {
    return;
  }
  if (signal.recent !== undefined) {
    tell(
      'verify',
      `is verified on \`${signal.id}\`, which shows what was for the whole window: verify on its twin \`${signal.recent}\``,
      ['verify', 'signal']
    );
  }
  const window = windowSeconds(bind(pack, {}), signal);
  if (verify.within < fix.takes + window) {
    tell(
      'verify',
      `is judged after ${formatDuration(verify.within)}, but takes up to ${formatDuration(fix.takes)}, and \`${signal.id}\` shows it ${formatDuration(window)} later: within is at least ${formatDuration(fix.takes + window)}`,
      ['verify', 'within']
    );
  }
};
