/** What docs/lint.md and SARIF say of a rule. */
export interface RuleText {
  readonly id: string;
  /** What it refuses. */
  readonly what: string;
  /** What happens in an incident without it. */
  readonly why: string;
  /** What the author does about it. */
  readonly mend: string;
}
