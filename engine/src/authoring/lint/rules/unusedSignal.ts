import { signalsRead } from '../signalsRead';
import type { PackRule } from './rule';

export const unusedSignal: PackRule = {
  id: 'unused-signal',
  what: 'No symptom, evidence, fix, sentence or alert uses a signal.',
  why: 'It is never asked, so nobody notices when it is wrong.',
  mend: 'Use it as a symptom or as evidence, or delete it.',
  check: ({ loaded: { available, ownSignals, pack }, all }, tell) => {
    const read = signalsRead(pack);
    for (const id of ownSignals.filter((own) => !read.has(own))) {
      tell(`signal ${id}`, `nothing uses the signal \`${id}\`: no symptom, no evidence, no fix, no sentence, no alert`);
    }
    // Shared signals are written for packs: one that no pack uses is dead.
    const readByAny = new Set(all.flatMap((other) => [...signalsRead(other.pack)]));
    for (const id of available.signals) {
      if (!readByAny.has(id) && !ownSignals.includes(id)) {
        tell(`signal ${id}`, `no pack uses the shared signal \`${id}\``);
      }
    }
  },
};
