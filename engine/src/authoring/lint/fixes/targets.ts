/** A new quantity is compared with the present one: an absolute target may be less than what is there. */
import type { FixRule } from './rule';

const TARGETS: readonly RegExp[] = [
  /--replicas[=\s]+(\S+)/g,
  /--limits[=\s]+(\S+)/g,
  /--requests[=\s]+(\S+)/g,
  /--(?:min|max)[=\s]+(\S+)/g,
  /\bCONFIG\s+SET\s+\S+\s+(\S+)/gi,
  /\bCONNECTION\s+LIMIT\s+(\S+?)\s*(?:;|$)/gim,
  /\bset\s+env\b.*?\s(?:[A-Z][A-Z0-9_]*|\{\{\s*\w+\s*\}\})=(\S+)/g,
  /\bALTER\s+(?:SYSTEM|ROLE|DATABASE)\b.*?\bSET\s+max_\w+\s*(?:=|TO)\s*(\S+?)\s*(?:;|$)/gim,
];

export const targetsAreCompared: FixRule = (fix, _pack, tell) => {
  // `--current-replicas=0` makes kubectl itself refuse everything but the start of what is stopped.
  const command = fix.command.replace(/--current-replicas=0\s+--replicas=[1-9]\d*/g, '');
  for (const pattern of TARGETS) {
    for (const [text, target = ''] of command.matchAll(pattern)) {
      const input = /\{\{\s*([a-z_][a-z0-9_]*)\s*\}\}/.exec(target)?.[1];
      if (fix.changes === undefined || input !== fix.changes.to) {
        tell(
          'absolute-target',
          `sets an absolute target (\`${text.trim()}\`): make it an input, and compare it with the present value (changes: { from, to, must })`,
          [fix.language]
        );
      }
    }
  }
};
