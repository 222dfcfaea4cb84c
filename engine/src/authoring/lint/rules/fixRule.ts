import type { Fix, Pack } from '../../../model/pack';
import type { Path } from '../../source';
import type { RuleText } from '../text';
import type { PackRule } from './rule';

interface FixRule extends RuleText {
  /** Tells what is wrong with one fix, after its name; the place is the fix, or `path` in it. */
  readonly check: (fix: Fix, pack: Pack, tell: (message: string, path?: Path) => void) => void;
}

/** A rule that is asked of every fix of a pack. */
export function fixRule({ check, ...text }: FixRule): PackRule {
  return {
    ...text,
    check: ({ loaded: { pack } }, tell) => {
      for (const runbook of pack.runbooks) {
        for (const fix of Object.values(runbook.fixes)) {
          check(fix, pack, (message, path) => tell(`fix ${runbook.id}/${fix.id}`, `\`${fix.id}\` ${message}`, path));
        }
      }
    },
  };
}
