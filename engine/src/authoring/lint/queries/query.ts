import type { Pack, Signal } from '../../../model/pack';
import type { QueryNode } from './tree';

/** What a rule about queries is given: a signal that Prometheus or Loki answers. */
export interface LintedQuery {
  readonly pack: Pack;
  readonly signal: Signal;
  /** The parsed expression with the defaults of the parameters; undefined for LogQL and where no parser is at hand. */
  readonly tree: QueryNode | undefined;
}

/** A rule says what is wrong, why, and how it is mended; undefined when nothing is. */
export interface QueryRule {
  readonly id: string;
  readonly check: (query: LintedQuery) => string | undefined;
}
