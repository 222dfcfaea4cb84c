/**
 * What the checks of the diagnostics service answer, as far as a pack can name it. It is injected into lint; the committed
 * catalogue is generated from the checks' own descriptions.
 */

/** One field of a check, or one column of a table of it. What is not known is left out. */
export interface Fact {
  readonly type?: 'number' | 'boolean' | 'word';
  /** A Grafana unit id. */
  readonly unit?: string;
  /** The only words that it can have. */
  readonly words?: readonly string[];
}

export interface CheckFacts {
  /** Unit of the field `value`. */
  readonly unit: string;
  /** The configuration of the service adds fields of its own names (`postgres.queries`). */
  readonly open?: true;
  readonly fields: Readonly<Record<string, Fact>>;
  /** Columns by table. */
  readonly rows: Readonly<Record<string, Readonly<Record<string, Fact>>>>;
}

/** Checks by id. */
export type CheckCatalogue = Readonly<Record<string, CheckFacts>>;
