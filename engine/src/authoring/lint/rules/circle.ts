import type { Pack } from '../../../model/pack';
import type { PackRule } from './rule';

export const circle: PackRule = {
  id: 'circle',
  what: 'A signal requires itself under `requires`, directly or through other signals.',
  why: 'A signal is asked only while those that it requires are present, so this one never is.',
  mend: 'Delete one of the names that form the circle.',
  check: ({ loaded: { pack } }, tell) => {
    for (const { id, requires } of Object.values(pack.signals)) {
      if (reachesItself(pack, id)) {
        tell(`signal ${id}`, `\`${id}\` requires itself, through ${requires.join(', ')}`, ['requires']);
      }
    }
  },
};

function reachesItself(pack: Pack, start: string): boolean {
  const seen = new Set<string>();
  const queue = [...(pack.signals[start]?.requires ?? [])];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (id === start) {
      return true;
    }
    if (!seen.has(id)) {
      seen.add(id);
      queue.push(...(pack.signals[id]?.requires ?? []));
    }
  }
  return false;
}
