import { usesParam } from '../../usesParam';
import type { PackRule } from './rule';

export const unusedParam: PackRule = {
  id: 'unused-param',
  what: 'Nothing in a pack uses a parameter.',
  why: 'A person sets it, and nothing changes.',
  mend: 'Use it in a query, a command or a sentence, or delete it.',
  severity: 'warning',
  check: ({ loaded, all }, tell) => {
    // What a kind brings is read by the packs that use it.
    const readers = loaded.kind !== undefined ? all : [loaded];
    const everything = JSON.stringify(
      readers.map(({ pack: { params, signals, runbooks } }) => [params, signals, runbooks])
    );
    for (const [name, { identity }] of Object.entries(loaded.pack.params)) {
      // Nobody sets the scope of a kind: it is made of the labels of its components.
      if (identity === undefined && !usesParam(everything, name)) {
        tell(`param ${name}`, `nothing uses the parameter \`${name}\``);
      }
    }
  },
};
