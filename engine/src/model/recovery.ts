/** What recovered, and what was true until then. Times are ms since the epoch. */

/** A recovery as the answers of now show it, and the moment before it at which the same plan has to be asked. */
export interface Recovery {
  /** Just before the recovery, in whole seconds. */
  readonly at: number;
  /** When the checks behind these signals (`<pack>/<signal>`) became ok; empty where a window fades and nobody saw the end. */
  readonly ended: ReadonlyMap<string, number>;
  /** Ids of the planned queries whose answers tell of the recovery. */
  readonly queries: readonly string[];
  /** False where it may as well be that the service only began to look then. */
  readonly certain: boolean;
}

/** A cause that was likely just before the recovery and is over. */
export interface WasTrue {
  readonly pack: string;
  readonly runbook: string;
  readonly cause: string;
  /** Other runbooks in which it was found. */
  readonly alsoIn: ReadonlyArray<{ readonly pack: string; readonly runbook: string; readonly cause: string }>;
  readonly title: string;
  /** The sentence of then, with the facts of then. */
  readonly says: string;
  /** When it began, if the sources of then knew. */
  readonly from?: number;
  /** When it was last judged. */
  readonly seen: number;
  /** When what showed it became ok; absent when only its fading was seen. */
  readonly to?: number;
}

/** A cause that is over, and what it left behind: trouble that is still in the windows. */
export interface Fading {
  readonly pack: string;
  readonly runbook: string;
  readonly cause: string;
  readonly title: string;
  /** `<pack>/<runbook>` of the runbooks whose present symptoms fade after it. */
  readonly runbooks: ReadonlySet<string>;
}
