/** The upper end of a plot's axis when the values do not need more: Grafana draws a line at zero up to 100, or 10,000 %. */

const WHOLE = 1;

/**
 * Twice the threshold, so that it is seen with room above it; a share ends at the whole. One of the unit where there is
 * no threshold, or where it is zero.
 */
export function softMaximum(threshold: number | undefined, unit: string): number {
  const twice = threshold !== undefined && threshold > 0 ? 2 * threshold : WHOLE;
  return unit === 'percentunit' ? Math.min(twice, WHOLE) : twice;
}
