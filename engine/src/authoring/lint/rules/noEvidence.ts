import { causesOf } from '../causesOf';
import type { PackRule } from './rule';

export const noEvidence: PackRule = {
  id: 'no-evidence',
  what: 'A cause has no `evidence`.',
  why: 'Nothing supports it and nothing refutes it.',
  mend: 'List the signals that speak for it and those that speak against it.',
  check: ({ loaded }, tell) => {
    for (const { cause, name } of causesOf(loaded.pack)) {
      if (cause.evidence.length === 0) {
        tell(`${name} evidence`, `the cause \`${cause.id}\` has no evidence`);
      }
    }
  },
};
