import { round3 } from './clock';

/** The largest coverage while something was not seen. */
const ALMOST_ALL = 0.999;

/**
 * Share of `all` that was seen, 0–1 with three decimals. It is 1 only when nothing is left: the last of ten thousand keys is
 * not rounded away, for it may be the large one.
 */
export const coverageOf = (seen: number, all: number): number =>
  seen >= all ? 1 : Math.min(ALMOST_ALL, round3(seen / all));
