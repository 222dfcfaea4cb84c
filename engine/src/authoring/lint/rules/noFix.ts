import { causesOf } from '../causesOf';
import type { PackRule } from './rule';

export const noFix: PackRule = {
  id: 'no-fix',
  what: 'A cause has no fix.',
  why: 'The person learns what is wrong and not what to do.',
  mend: 'Name one under `fixes`, even if it only reads (`kind: read`).',
  check: ({ loaded }, tell) => {
    for (const { cause, name } of causesOf(loaded.pack)) {
      if (cause.fixes.length === 0) {
        tell(name, `the cause \`${cause.id}\` has no fix: name at least one, even if it only reads`);
      }
    }
  },
};
