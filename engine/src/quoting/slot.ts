import type { Scalar } from '../model/outcome';
import type { Fix, Param } from '../model/pack';
import type { Placeholder } from '../wording/template';

export type Language = Fix['language'];

/** Where in its language a placeholder stands. */
export type Place = 'bare' | 'single' | 'double' | 'escape' | 'refused';

export interface Slot {
  readonly placeholder: Placeholder;
  readonly place: Place;
  /** The author put exactly this placeholder between quotes, which the literal may replace. */
  readonly whole: boolean;
}

export interface FillValue {
  readonly value: Scalar;
  /** Set for parameters: a metric, a duration, a selector and a number were checked by `bind` and stand bare. */
  readonly kind?: Param['kind'] | 'columns';
  /** The scrape interval, where the pack has a parameter of that name: what the filter `quarter` goes by. */
  readonly scrape?: string;
  /** Of a selector that picks components: the labels that tell them apart, for the filters `labels` and `andLabels`. */
  readonly identity?: readonly string[];
}

/** Whether a placeholder stands for the labels that tell components apart, and not for their matchers. */
export function keepsLabels({ filters }: Placeholder): boolean {
  return filters.some(({ name }) => name === 'labels' || name === 'andLabels');
}
