import { windowSeconds } from '../../../fixing/window';
import { bind } from '../../../planning/bind';
import { formatDuration } from '../../../wording/units';
import { isChange } from '../fixes/isChange';
import { fixRule } from './fixRule';

/** Whether a fix worked is seen on the right signal, and not before it can show. */
export const verify = fixRule({
  id: 'verify',
  what: '`verify` of a fix reads a signal that shows the harm for the whole window after it is over, or reads it before the work and the window have passed; or the fix changes nothing.',
  why: 'A fix that worked is called a failure, and the page offers to undo it.',
  mend: 'Name the `recent` twin of the signal, and let `within` be at least `takes` and the window of the signal together.',
  check: (fix, pack, tell) => {
    if (fix.verify === undefined) {
      return;
    }
    if (!isChange(fix)) {
      tell('has nothing to verify: it only reads, or is no command', ['verify']);
      return;
    }
    const { signal: id, within } = fix.verify;
    const signal = pack.signals[id];
    if (signal === undefined) {
      return;
    }
    if (signal.recent !== undefined) {
      tell(
        `is verified on \`${id}\`, which shows what was for the whole window: verify on its twin \`${signal.recent}\``,
        ['verify', 'signal']
      );
    }
    const window = windowSeconds(bind(pack, {}), signal);
    if (within < fix.takes + window) {
      tell(
        `is judged after ${formatDuration(within)}, but takes up to ${formatDuration(fix.takes)}, and \`${id}\` shows it ${formatDuration(window)} later: within is at least ${formatDuration(fix.takes + window)}`,
        ['verify', 'within']
      );
    }
  },
});
