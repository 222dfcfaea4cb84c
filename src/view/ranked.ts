import type { Cause, RankedCause, Runbook, RunbookDiagnosis, Verdict } from '@live-runbooks/engine';

export interface CauseView {
  readonly cause: Cause;
  /** Undefined until the first answers are in. */
  readonly ranked?: RankedCause;
  readonly rank?: number;
}

/** Verdicts that a person may act on: their look-alikes, warnings and fixes are shown at once. */
const LIVE: readonly Verdict[] = ['likely', 'possible'];

export function isLive(ranked: RankedCause | undefined): boolean {
  return ranked !== undefined && LIVE.includes(ranked.verdict);
}

/**
 * The causes of a runbook as cards, in rank order, and the refuted ones apart. Until something is known they stand in
 * the order in which they were written.
 */
export function causeViews(
  runbook: Runbook,
  diagnosis: RunbookDiagnosis | undefined
): { readonly open: readonly CauseView[]; readonly refuted: readonly CauseView[] } {
  if (!diagnosis) {
    return { open: runbook.causes.map((cause) => ({ cause })), refuted: [] };
  }
  const views = diagnosis.causes.flatMap((ranked, i): CauseView[] => {
    const cause = runbook.causes.find((c) => c.id === ranked.id);
    return cause ? [{ cause, ranked, rank: i + 1 }] : [];
  });
  return {
    open: views.filter((v) => v.ranked?.verdict !== 'refuted'),
    refuted: views.filter((v) => v.ranked?.verdict === 'refuted'),
  };
}

/** The strongest fact that rules a cause out, in words. */
export function refutation(ranked: RankedCause): string {
  const strongest = [...ranked.contradicts].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))[0];
  return strongest?.says ?? 'The evidence taken together rules it out.';
}
