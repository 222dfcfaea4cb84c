/**
 * What the checks of the diagnostics service answer, as far as a pack can name it. It is injected into lint; the committed
 * catalogue is generated from the checks' own descriptions.
 */

export const FACT_TYPES = ['number', 'boolean', 'word', 'text'] as const;

/** One field of a check, or one column of a table of it. What is not known is left out. */
export interface Fact {
  /** Left out: the configuration decides. */
  readonly type?: (typeof FACT_TYPES)[number];
  /** A Grafana unit id. */
  readonly unit?: string;
  /** The only words that it can have. */
  readonly words?: readonly string[];
  /** Those of its words that are said of a server that serves: the field `up` beside it is true. */
  readonly serving?: readonly string[];
}

export interface CheckFacts {
  /** Unit of the field `value`. */
  readonly unit: string;
  /** What a field, or a column of a table, is that the configuration of the service names (`redis.lists`). */
  readonly configured?: { readonly fields?: Fact; readonly rows?: Readonly<Record<string, Fact>> };
  readonly fields: Readonly<Record<string, Fact>>;
  /** Columns by table. */
  readonly rows: Readonly<Record<string, Readonly<Record<string, Fact>>>>;
}

/** Checks by id. */
export type CheckCatalogue = Readonly<Record<string, CheckFacts>>;
