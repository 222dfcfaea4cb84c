import { spread } from '../../../estate/travel';
import type { Effect } from '../../../model/effect';
import type { Pack } from '../../../model/pack';
import { causesOf } from '../causesOf';
import { weightsOf } from '../weights';
import type { PackRule } from './rule';

export const derivedNegative: PackRule = {
  id: 'derived-negative',
  what: 'Trouble at a component that the one of the cause depends on speaks against the cause.',
  why: 'The engine derives it from the arrows: what the dependency explains steps back behind it, and nobody has to think of every pair. Written as well, it takes from the score of the cause even where the dependency has nothing to do with it.',
  mend: 'Delete the weight of its presence.',
  severity: 'warning',
  check: ({ loaded: { pack } }, tell) => {
    for (const { runbook, cause, name } of causesOf(pack)) {
      const at = cause.at ?? runbook.of;
      for (const item of cause.evidence) {
        const signal = pack.signals[item.signal];
        const isElsewhere = signal?.effect !== undefined && signal.at !== undefined && signal.at !== at;
        if (at === undefined || !isElsewhere || weightsOf(item)[0] >= 0) {
          continue;
        }
        const coming = comingTo(pack, at, signal.at, signal.effect);
        // What of the trouble of the cause cannot come from there still tells the two apart.
        if (coming.size > 0 && (cause.effects ?? []).every((effect) => coming.has(effect))) {
          tell(
            `${name} evidence`,
            `\`${item.signal}\` shows trouble of \`${signal.at}\`, on which \`${at}\` depends: that it speaks against \`${cause.id}\` follows from the arrows`
          );
        }
      }
    }
  },
};

/** What trouble of one component can be at another that depends on it. */
function comingTo({ arrows = [] }: Pack, place: string, from: string, effect: Effect): ReadonlySet<Effect> {
  const coming = new Set<Effect>();
  spread(
    [[from, effect]],
    (where) => arrows.filter(({ to }) => to === where),
    (where, each) => {
      if (where === place) {
        coming.add(each);
      }
      return true;
    }
  );
  return coming;
}
