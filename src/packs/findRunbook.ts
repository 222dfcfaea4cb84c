import type { Pack, Runbook } from '@live-runbooks/engine';

/** The runbook at `<pack>/<runbook>`, or undefined when there is none by that name. */
export function findRunbook(
  packs: readonly Pack[],
  packId: string,
  runbookId: string
): { pack: Pack; runbook: Runbook } | undefined {
  const pack = packs.find((p) => p.id === packId);
  const runbook = pack?.runbooks.find((r) => r.id === runbookId);
  return pack && runbook ? { pack, runbook } : undefined;
}
