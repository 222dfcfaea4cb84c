/** Measurements are rounded to a tenth of a millisecond: they are no more exact. */
export const elapsedMs = (startedAt: number): number => Math.round((performance.now() - startedAt) * 10) / 10;

export const round3 = (value: number): number => Math.round(value * 1000) / 1000;
