/** The scale of evidence. */
import type { Band } from '../model/pack';

/** Decibans of the bands: 13 is odds of 20 to 1, 10 of 10, 5 of 3, 2 of 1.6. */
export const DECIBANS: Readonly<Record<Band, number>> = { decisive: 13, strong: 10, moderate: 5, weak: 2, none: 0 };

/** Greatest growth of a present signal's weight: a quarter. */
export const MAX_GROWTH = 0.25;
