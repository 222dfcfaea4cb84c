import type { Pack, Runbook } from '@live-runbooks/engine';

export interface CatalogueEntry {
  readonly pack: Pack;
  readonly runbook: Runbook;
}

/** The runbooks that hold every word of the search in their titles, summaries, causes, alerts, areas or section ids. */
export function searchRunbooks(packs: readonly Pack[], search: string): CatalogueEntry[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return packs
    .flatMap((pack) => pack.runbooks.map((runbook) => ({ pack, runbook })))
    .filter(({ pack, runbook }) => {
      const text = textOf(pack, runbook);
      return words.every((word) => text.includes(word));
    });
}

function textOf(pack: Pack, r: Runbook): string {
  return [pack.title, r.title, r.summary, r.area, r.service, ...r.covers, ...r.alerts, ...r.causes.map((c) => c.title)]
    .join(' ')
    .toLowerCase();
}
