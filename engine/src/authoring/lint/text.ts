import type { Problem } from '../problem';

/** What docs/lint.md and SARIF say of a rule. */
export interface RuleText {
  /** Left out: an error. A warning lets the pack stand as it is. */
  readonly severity?: Problem['severity'];
  readonly id: string;
  /** What it refuses. */
  readonly what: string;
  /** What happens in an incident without it. */
  readonly why: string;
  /** What the author does about it. */
  readonly mend: string;
}
