/**
 * Explaining away over the arrows: a likely cause at one component explains what shows at those that depend on it, and the causes
 * there step back, in place and not in score. One rule for the causes of a runbook and for the suspects across runbooks.
 */
import { DECIBANS } from '../compiled/decibans';

/** How much of the case of a cause is its own, and no effect of something else. */
export interface Standing {
  /** Something that is known counts decisively for it. */
  readonly decisive: boolean;
  /** Decibans of its case that neither show the trouble nor are a change. */
  readonly ownProof: number;
}

/**
 * Two proven faults stay two suspects. A change is none of it: what a dependency is proven to do would have begun with the change as
 * well, and dependencies come first.
 */
export function resists({ decisive, ownProof }: Standing): boolean {
  return decisive || ownProof >= DECIBANS.strong;
}
