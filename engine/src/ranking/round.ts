/** Scores are shown to a tenth of a deciban; never as -0. */
export function round(value: number): number {
  return Math.round(value * 10) / 10 + 0;
}
