import { causesOf } from '../causesOf';
import { weightsOf } from '../weights';
import type { PackRule } from './rule';

export const oneSided: PackRule = {
  id: 'one-sided',
  what: 'No evidence speaks against a cause.',
  why: 'It can never be refuted, so it stays on the list whatever is measured.',
  mend: 'Say what its absence shows (`absent: -strong`), or add a signal that refutes the cause (`present: -strong`).',
  severity: 'warning',
  check: ({ loaded }, tell) => {
    for (const { cause, name } of causesOf(loaded.pack)) {
      const against = cause.evidence.some((item) => weightsOf(item).some((weight) => weight < 0));
      if (cause.evidence.length > 0 && !against) {
        tell(
          `${name} evidence`,
          `nothing speaks against \`${cause.id}\`: say what its absence would show (absent: -strong)`
        );
      }
    }
  },
};
