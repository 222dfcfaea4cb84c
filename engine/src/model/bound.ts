/** A pack with its parameters' values: what plan, judge and the sentences read. */
import type { Outcome } from './outcome';
import type { Pack } from './pack';

/** Where values come from, strongest first. Names in `url` may carry Grafana's `var-` prefix. Empty texts count as not given. */
export interface Given {
  readonly url?: Readonly<Record<string, string | undefined>>;
  readonly labels?: Readonly<Record<string, string | undefined>>;
  readonly configured?: Readonly<Record<string, string | undefined>>;
}

export type ValueOrigin = 'url' | 'label' | 'configured' | 'default';

export interface BindProblem {
  /** `missing`: no value anywhere. `refused`: the value given does not fit the parameter's kind or pattern. */
  readonly code: 'missing' | 'refused';
  readonly message: string;
  readonly mend: string;
  /** Where the refused value came from. */
  readonly from?: ValueOrigin;
}

export interface BoundPack {
  readonly pack: Pack;
  /** Values by parameter; a parameter with a problem has none. */
  readonly values: Readonly<Record<string, string>>;
  readonly from: Readonly<Record<string, ValueOrigin>>;
  readonly problems: Readonly<Record<string, BindProblem>>;
  /**
   * Of a component: by scope parameter, the values of its identity labels; a label that it does not have is an empty text. One
   * query asks for many components then, and each reads its own series of the answer.
   */
  readonly identities?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Outcomes by `<pack>/<signal>`. A signal that is not in it has not been asked yet: unknown. */
export type OutcomeMap = ReadonlyMap<string, Outcome>;
