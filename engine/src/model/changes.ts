/** What changed, and whether it was before the trouble began. */

/** Something began between these two; ms since the epoch. `from` is −∞ where nothing says that it was not there long before. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

export interface Change {
  /** `<pack>/<signal>` */
  readonly key: string;
  /** What changed, in words. */
  readonly what: string;
  /** The title of the component. */
  readonly where: string;
  /** Absent where it is not known. */
  readonly when?: Interval;
  /** Against the beginning of the trouble; unclear where one of the two is not known, or where they may have been the other way round. */
  readonly order: 'before' | 'after' | 'unclear';
}

/** What changed at a component and at those that it depends on. A change alone proves nothing. */
export interface Changes {
  /** When the earliest symptom began; absent where it is not known. */
  readonly onset?: Interval;
  /** Those before it began first. */
  readonly changes: readonly Change[];
  /** What could have changed and could not be asked: titles of signals, each with its component. */
  readonly unknown: ReadonlyArray<{ readonly what: string; readonly where: string }>;
}
