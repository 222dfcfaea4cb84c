/**
 * The compiled pack: what the schema (`engine/src/authoring`) makes of the YAML in `runbooks/`, and what the
 * plugin loads as JSON. Plain data, already validated: nothing here is optional that the engine would have to guess.
 *
 * Placeholders `{{name}}` in queries, commands and sentences are bound at run time, each quoted for its language.
 */
import type { Arrow } from './arrow';
import type { ComponentKind } from './component';
import type { Effect } from './effect';
import type { Scalar } from './outcome';

export type Band = 'decisive' | 'strong' | 'moderate' | 'weak' | 'none';
export type Prior = 'common' | 'usual' | 'rare';
export type Severity = 'critical' | 'warning' | 'info';

export interface Pack {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Version of this compiled format; the loader refuses others. */
  readonly format: 1;
  readonly params: Readonly<Record<string, Param>>;
  /** All signals that the runbooks of this pack use, shared ones included, by id. */
  readonly signals: Readonly<Record<string, Signal>>;
  readonly runbooks: readonly Runbook[];
  /** The application's parts and what they depend on, as its author declares them. */
  readonly components?: readonly DeclaredComponent[];
  readonly arrows?: readonly Arrow[];
  /** Ids of the signals that a pack of components brings itself, beside those of their kinds. */
  readonly own?: readonly string[];
}

/** A part of a pack's application. */
export interface DeclaredComponent {
  readonly id: string;
  readonly title: string;
  readonly kinds: readonly string[];
  /**
   * What it is in the answers of the sources. A pack in which components have this is an estate: its components are evaluated, with
   * the runbooks of their kinds. Without it the pack picks its series by its own parameters.
   */
  readonly as?: readonly ComponentKind[];
}

/** Where a value comes from, in this order: URL (`var-<name>`), the alert's label, the configured value, the default. */
export interface Param {
  readonly title: string;
  /**
   * `value` is quoted where it is used. `metric` is a bare metric name, `duration` a PromQL duration, `selector` a list of
   * label matchers: they cannot be quoted, so binding refuses a value that does not match their grammar.
   */
  readonly kind: 'value' | 'metric' | 'duration' | 'selector' | 'number';
  readonly label?: string;
  readonly default?: string;
  readonly pattern?: string;
  /** Of a selector that picks the series of components: the labels that tell them apart. Queries keep them with `{{name | labels}}`. */
  readonly identity?: readonly string[];
  /** Of a metric that several processes report alike: the label that names the one thing of which they do. */
  readonly thing?: string;
  readonly required: boolean;
}

export type Query =
  | { readonly source: 'prometheus'; readonly expr: string }
  | { readonly source: 'loki'; readonly expr: string }
  | {
      readonly source: 'diagnostics';
      readonly check: string;
      /** Kind of target (`postgres`, `redis`, …) is the check's prefix; which one is this parameter's value. */
      readonly target: string;
      readonly read:
        { readonly field: string } | { readonly rows: string; readonly where: Readonly<Record<string, Condition>> };
    }
  | { readonly source: 'alert'; readonly name: string; readonly labels: Readonly<Record<string, string>> }
  /** A number made of the outcomes of other signals, which may be of several components. Nobody is asked. */
  | {
      readonly source: 'combine';
      readonly expr: string;
      /** Signals by their names in `expr`. */
      readonly of: Readonly<Record<string, string>>;
      /** Least values, by name in `expr`: below one of them it does not apply. */
      readonly floor: Readonly<Record<string, number>>;
    }
  | { readonly source: 'manual'; readonly ask: string };

/** A row's column equals a value, is one of several or none of them, matches a pattern, or compares with a number. */
export type Condition =
  | { readonly is: Scalar }
  | { readonly oneOf: readonly Scalar[] }
  | { readonly noneOf: readonly Scalar[] }
  | { readonly matches: string }
  | { readonly above: number }
  | { readonly below: number };

/**
 * A condition on a row of evidence. Besides those of a query: the cell is named, as a whole word, in a column of other
 * signals (`signal.column`), as a table is named in the text of a statement.
 */
export type RowCondition = Condition | { readonly namedIn: readonly string[] };

/** Present when the number is above (below, equal to, different from) the threshold; `critical` grades it. */
export type Test =
  | { readonly above: number; readonly critical?: number }
  | { readonly below: number; readonly critical?: number }
  | { readonly is: Scalar }
  | { readonly isNot: Scalar }
  | { readonly oneOf: readonly Scalar[] };

export interface Signal {
  readonly id: string;
  readonly title: string;
  readonly query: Query;
  readonly test: Test;
  /** Grafana unit id (`short`, `percentunit`, `s`, `bytes`, `reqps`). */
  readonly unit: string;
  /** What an empty answer means. Empty is not zero, so `unknown` unless the author says otherwise. */
  readonly empty: 'present' | 'absent' | 'unknown';
  /** Older answers are `stale`. Seconds. */
  readonly maxAge: number;
  /**
   * The symptom that this signal only shows closer (which route is slow). It tells causes apart like a symptom does, and
   * proves none: see `ranking/weigh.ts`.
   */
  readonly viewOf?: string;
  /**
   * The signal that asks the same of the last part of the window. While that one is absent, this one, as a symptom, fades:
   * what it shows is over, and only still in the window.
   */
  readonly recent?: string;
  /**
   * What this signal shows is a change (a new version), and no harm. It proves nothing unless both other signals are known
   * to be absent: the harm did not begin apart from the change (`onset`), and is not there without it (`contrast`).
   */
  readonly change?: {
    readonly onset?: string;
    readonly contrast?: string;
    /** What changed, as a sentence without its end. Only what says this is told among what changed. */
    readonly says?: string;
  };
  /**
   * Whether it means trouble when it is present while no symptom shows (panics in the log): Triage never says that nothing is
   * wrong beside it. Unless the author says, it does from its test's `critical` threshold on.
   */
  readonly trouble?: boolean;
  /** What trouble at its component looks like, when it is present. */
  readonly effect?: Effect;
  /** What it shows comes from the component itself, such as its CPU: trouble at a dependency does not bring it about. */
  readonly own?: true;
  /** The component whose trouble or change it shows, of those that its pack declares. */
  readonly at?: string;
  /** Signals that must be present for this one to apply; otherwise it is `not-applicable`. */
  readonly requires: readonly string[];
  /** Relative cost of asking, for the next-best check: 1 is an instant query. */
  readonly cost: number;
  /** How to mend an unknown, by reason. */
  readonly mend: Readonly<Record<string, string>>;
}

export interface Evidence {
  readonly signal: string;
  readonly present: { readonly band: Band; readonly sign: 1 | -1 };
  readonly absent: { readonly band: Band; readonly sign: 1 | -1 };
  /** Correlated evidence shares a group, and the group's sum is capped at its strongest band. */
  readonly group?: string;
  /** A sentence for this piece of evidence when it is present, with placeholders. */
  readonly says?: string;
  /**
   * Counts only while a row of the signal meets this; without such a row it counts as absent. `value` is the outcome's own
   * value where a row has no such column. What cannot be decided supports without proving and contradicts nothing.
   */
  readonly where?: Readonly<Record<string, RowCondition>>;
  /** Is proof (`likely` needs some) only while a row meets this; what cannot be decided is no proof. */
  readonly proves?: Readonly<Record<string, RowCondition>>;
  /** Is proof only when it has lasted so long. Seconds. */
  readonly lasting?: number;
}

export interface Cause {
  readonly id: string;
  /**
   * Equal for one cause seen from several runbooks: `postgres/postgres-down` across the estate, `gorax:http-service/bad-deploy`
   * for a shared cause that each pack has for itself (`scope: pack`); else `<pack>/<runbook>/<cause>`.
   */
  readonly identity: string;
  readonly title: string;
  /** The one-sentence verdict, with live facts as placeholders. */
  readonly says: string;
  readonly prior: Prior;
  /** From how many sources `likely` needs proof: 2 when one view alone may be mistaken. */
  readonly witnesses?: number;
  readonly evidence: readonly Evidence[];
  /** The component at which it is, of those that its pack declares. */
  readonly at?: string;
  /** What it brings about at its own component; what follows elsewhere is derived from the arrows. */
  readonly effects?: readonly Effect[];
  /** What it does to components that its own depends on, by their kind: load flows against the arrows. */
  readonly presses?: ReadonlyArray<{ readonly kind: string; readonly effect: Effect }>;
  /** Downstream of this cause: runbooks (`lock-contention`), causes of one (`slow-api/slow-query`) or shared causes
   * (`postgres/expensive-statement`). Names without a pack mean this pack; `*` as the pack means every pack: `*:slow-api`. */
  readonly explains: readonly string[];
  readonly lookAlikes: ReadonlyArray<{ readonly cause: string; readonly differs: string }>;
  readonly dont: readonly string[];
  readonly fixes: readonly string[];
}

/** What the person fills in before a command can be copied; quoted for the command's language like every value. */
export interface FixInput {
  readonly title: string;
  /**
   * `integer`: 12. `kubernetes-memory`: 512Mi. `kubernetes-cpu`: 500m. `redis-memory`: 2gb. `columns`: names of columns, each
   * with ASC or DESC if need be; only for SQL.
   */
  readonly kind: 'integer' | 'kubernetes-memory' | 'kubernetes-cpu' | 'redis-memory' | 'columns';
  readonly hint?: string;
  /** What stands in it at first; `{{parameter}}` is filled in. */
  readonly default?: string;
}

export interface Fix {
  readonly id: string;
  readonly title: string;
  readonly kind: 'read' | 'mitigate' | 'permanent';
  readonly risk: 'safe' | 'reversible' | 'destructive';
  /** `text` is advice: it has no command, and nothing of it is copied. */
  readonly language: 'sql' | 'shell' | 'promql' | 'logql' | 'redis' | 'text';
  readonly command: string;
  /** What has to be known to run the command; stands below it and is never copied. */
  readonly note?: string;
  /** Where and as whom SQL is run. A shell command carries its host, port and namespace itself. */
  readonly on?: { readonly host: string; readonly port: string; readonly database: string; readonly role: string };
  readonly inputs: Readonly<Record<string, FixInput>>;
  /**
   * A command that changes a quantity: `from` is the signal, or the column of its first row, that measures the present
   * one, `to` the input with the new one. A target that does not rise (fall) is refused, and so is one without a known
   * present value.
   */
  readonly changes?: { readonly from: string; readonly to: string; readonly must: 'rise' | 'fall' };
  /** Preconditions: these signals must be present now. */
  readonly when: readonly string[];
  /** Preconditions: these signals must be absent now. */
  readonly unless: readonly string[];
  /** Blast radius in words, with live facts as placeholders. */
  readonly reach: string;
  readonly rollback?: string;
  readonly confirm?: string;
  /** Seconds after the copy before which the command cannot have had an effect. */
  readonly soonest: number;
  /** Seconds that the command's own work takes at most: a rollout, an index build. */
  readonly takes: number;
  readonly verify?: {
    readonly signal: string;
    readonly becomes: 'present' | 'absent';
    /** Seconds from the copy; covers `takes` and the signal's window. */
    readonly within: number;
    /** Seconds for which the wished state has to last. */
    readonly hold: number;
    /** What becomes true: "workers back to 1 or more". `{{threshold}}` is the signal's. */
    readonly says: string;
    /** While this signal is present the command still works, however long it takes. */
    readonly underway?: string;
  };
  /** Why no signal shows whether it worked. */
  readonly unverified?: string;
}

export interface Prevention {
  readonly alert: string;
  readonly signal: string;
  readonly for: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly description: string;
}

export interface Runbook {
  readonly id: string;
  readonly pack: string;
  readonly title: string;
  readonly summary: string;
  /** Ids of the source documents' sections (G18, H04) and where they are. */
  readonly covers: readonly string[];
  readonly area: string;
  readonly service: string;
  /** The component whose trouble it treats, of those that its pack declares. */
  readonly of?: string;
  /** The runbook of a kind in whose place it stands at that component. */
  readonly extends?: { readonly kind: string; readonly runbook: string };
  readonly severity: Severity;
  /** Names of the alerts that open this runbook. */
  readonly alerts: readonly string[];
  /** Signals that say that something is wrong at all. No present symptom, no suspect. */
  readonly symptoms: readonly string[];
  readonly causes: readonly Cause[];
  readonly fixes: Readonly<Record<string, Fix>>;
  readonly prevention: readonly Prevention[];
  /** What the source guide says that is wrong or dangerous, and what this runbook does instead. */
  readonly corrections: ReadonlyArray<{ readonly guide: string; readonly instead: string; readonly why: string }>;
  readonly escalate: string;
  readonly tests: readonly PackTest[];
}

export interface PackTest {
  readonly name: string;
  /** Outcomes by signal id; signals not named are absent in a `rest: absent` case, unknown in a `rest: unknown` one. */
  readonly given: Readonly<Record<string, GivenOutcome>>;
  readonly rest: 'absent' | 'unknown';
  readonly expect: {
    /** Cause id, or `none` when nothing may lead. */
    readonly top: string;
    readonly verdict?: Verdict;
    /** Causes that must be refuted. */
    readonly refuted?: readonly string[];
    /** Suspects that have to stand behind what explains them. */
    readonly explained?: readonly string[];
    /** A text that the one-sentence verdict has to contain. */
    readonly says?: string;
  };
}

export interface GivenOutcome {
  readonly state: 'present' | 'absent' | 'unknown';
  readonly value?: number;
  readonly severity?: 'warning' | 'critical';
  readonly row?: Readonly<Record<string, Scalar>>;
  readonly since?: number;
}

export type Verdict = 'likely' | 'possible' | 'unlikely' | 'refuted' | 'cannot-assess';
