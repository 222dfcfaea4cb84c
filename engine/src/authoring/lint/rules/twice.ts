import { causesOf } from '../causesOf';
import type { PackRule } from './rule';

export const twice: PackRule = {
  id: 'twice',
  what: 'A signal is evidence for one cause twice.',
  why: 'One fact would count as two.',
  mend: 'Delete one of them, or give each a `where` that selects other rows.',
  check: ({ loaded }, tell) => {
    for (const { cause, name } of causesOf(loaded.pack)) {
      const seen = new Set<string>();
      cause.evidence.forEach(({ signal: id, where }, index) => {
        // The same signal may be weighed once for each sort of row.
        const signal = where === undefined ? id : `${id} where ${JSON.stringify(where)}`;
        if (seen.has(signal)) {
          tell(`${name} evidence ${index}`, `\`${signal}\` is evidence for \`${cause.id}\` twice`);
        }
        seen.add(signal);
      });
    }
  },
};
