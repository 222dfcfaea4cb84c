/**
 * When something began that is present now. An instant answer does not say it, so the signal is asked once more: when was it last
 * seen not to be there? Without such a moment within the look-back its beginning is not known.
 */
import { compiled } from '../compiled/compiled';
import type { BoundPack } from '../model/bound';
import type { Signal, Test } from '../model/pack';
import { keepsLabels } from '../quoting/slot';
import { parseTemplate } from '../wording/template';

/** How far back it is looked, and in which steps: PromQL durations. */
const LOOK_BACK = '1h';
const STEP = '30s';
export const ONSET_STEP_MS = 30_000;

/**
 * The packs with only the signals of these keys (`<pack>/<signal>`), each of which asks for the moment (s since the epoch) at which
 * it was last not present. To be planned and judged like any other; signals of other sources than Prometheus are left out.
 */
export function onsetBounds(bounds: readonly BoundPack[], keys: readonly string[]): BoundPack[] {
  const wanted = new Set(keys);
  return bounds.flatMap((bound) => {
    const signals = [...compiled(bound.pack).signals.values()].flatMap(({ signal, key }) => {
      const asked = wanted.has(key) ? onsetSignal(signal) : undefined;
      return asked === undefined ? [] : [[signal.id, asked] as const];
    });
    return signals.length === 0
      ? []
      : [{ ...bound, pack: { ...bound.pack, signals: Object.fromEntries(signals), runbooks: [] } }];
  });
}

function onsetSignal({ id, title, query, test, maxAge }: Signal): Signal | undefined {
  const worst = worstOf(test);
  if (query.source !== 'prometheus' || worst === undefined) {
    return undefined;
  }
  const labels = parseTemplate(query.expr).find((part) => typeof part !== 'string' && keepsLabels(part));
  const by = typeof labels === 'object' ? ` by ({{${labels.name} | labels}})` : '';
  const expr = `max_over_time(timestamp(${worst.fold}${by} (${query.expr}) ${worst.quiet})[${LOOK_BACK}:${STEP}])`;
  return {
    ...{ id, title, query: { source: 'prometheus', expr }, test: { above: 0 }, unit: 's', empty: 'unknown' },
    ...{ maxAge, requires: [], cost: 1, mend: {} },
  };
}

/** How several series are one, and what it is not to be present. */
function worstOf(test: Test): { readonly fold: string; readonly quiet: string } | undefined {
  return 'above' in test
    ? { fold: 'max', quiet: `<= ${test.above}` }
    : 'below' in test
      ? { fold: 'min', quiet: `>= ${test.below}` }
      : undefined;
}
