/** A new quantity is compared with the present one: an absolute target may be less than what is there. */
import { fixRule } from './fixRule';

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

export const absoluteTarget = fixRule({
  id: 'absolute-target',
  what: 'A command sets a quantity to a fixed number: `--replicas=10`, `--limits=memory=1Gi`, `CONFIG SET maxmemory 2gb`.',
  why: 'The present quantity may be larger: `--replicas=10` removes two of twelve pods in the middle of the incident.',
  mend: 'Make the number an input and compare it with the present one: `changes: { from: <signal>, to: <input>, must: rise }`.',
  check: (fix, _pack, tell) => {
    // `--current-replicas=0` makes kubectl itself refuse everything but the start of what is stopped.
    const command = fix.command.replace(/--current-replicas=0\s+--replicas=[1-9]\d*/g, '');
    for (const pattern of TARGETS) {
      for (const [text, target = ''] of command.matchAll(pattern)) {
        const input = /\{\{\s*([a-z_][a-z0-9_]*)\s*\}\}/.exec(target)?.[1];
        if (fix.changes === undefined || input !== fix.changes.to) {
          tell(
            `sets an absolute target (\`${text.trim()}\`): make it an input, and compare it with the present value (changes: { from, to, must })`,
            [fix.language]
          );
        }
      }
    }
  },
});
