/** One thing that goes wrong for real. No fault touches a metric: symptoms follow from what it does. */
import type { EstateParts } from '../estate/estate';

export interface Fault {
  /** As in `npm run demo:fault -- <name>`. */
  readonly name: string;
  readonly title: string;
  /** Where to look, for somebody who sees it the first time. */
  readonly watch: string;
  /** The cause that a good diagnosis names, and the runbook of it, as in `runbooks/`. */
  readonly expect: { readonly pack: string; readonly runbook: string; readonly cause: string };
  /** Causes, by id, that are true of it as well and may be called likely beside or before the expected one. */
  readonly alsoTrue?: ReadonlyArray<{ readonly cause: string; readonly because: string }>;
  /** Whether it is in force now; a fix applied by hand may have ended it. */
  active(): boolean;
  /** Does nothing when it is in force. Resolves when it is done, which is before its symptoms show. */
  inject(): Promise<void>;
  /** Puts everything back. Does nothing when there is nothing to put back. */
  clear(): Promise<void>;
}

export type FaultMaker = (estate: EstateParts) => Fault;
