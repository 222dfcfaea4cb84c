import type { PackRule } from './rule';

/** Within a pack, loading tells of it; across packs, this does. */
export const duplicate: PackRule = {
  id: 'duplicate',
  what: 'Two packs, runbooks, signals, causes or fixes have one name.',
  why: 'Only one of them would be used, and nothing says which.',
  mend: 'Rename or delete one of them.',
  check: ({ loaded, all }, tell) => {
    const { id } = loaded.pack;
    if (all.slice(0, all.indexOf(loaded)).some((earlier) => earlier.pack.id === id)) {
      tell('pack', `two packs have the id \`${id}\``, ['id']);
    }
  },
};
