import type { Estate, Kinds, Suspect, Verdict } from '@live-runbooks/engine';
import type { Evaluation } from '../evaluation/evaluation';
import { componentWords, type ComponentWords } from './components';

export interface SuspectRow {
  readonly key: string;
  readonly suspect: Suspect;
  /** Place among those that nothing stronger explains, from 1; undefined for those that are explained. */
  readonly rank?: number;
  /** Titles of the other runbooks in which the same cause was found. */
  readonly alsoIn: readonly string[];
  /** The title of the suspect that explains this one. */
  readonly explainedBy?: string;
  /** What it explains, each with its component where it is of one. */
  readonly explains: readonly string[];
  /** Where it is, when it is no pack's. */
  readonly component?: ComponentWords;
}

/** The components of the page. */
interface Places {
  readonly estate: Estate;
  readonly kinds: Kinds;
}

/** The suspects as rows: each demoted one directly below the suspect that explains it. */
export function suspectRows(
  evaluation: Evaluation | undefined,
  places?: Places
): {
  readonly rows: readonly SuspectRow[];
  readonly noneOfThese?: Verdict;
} {
  if (!evaluation) {
    return { rows: [] };
  }
  const { suspects } = evaluation.triage;
  const leaders = suspects.filter((s) => !s.explainedBy);
  const placed = new Set<string>();
  const rows: SuspectRow[] = [];
  const componentOf = (id: string) => places && componentWords(id, places.estate, places.kinds);
  const named = (title: string, pack: string | undefined) => {
    const at = pack === undefined ? undefined : componentOf(pack);
    // Causes of two components have one title; some name their component already.
    return at === undefined || title.includes(at.title) ? title : `${at.title}: ${title}`;
  };
  const place = (suspect: Suspect, extra: Pick<SuspectRow, 'rank' | 'explainedBy'>) => {
    const key = keyOf(suspect);
    if (!placed.has(key)) {
      placed.add(key);
      const component = componentOf(suspect.pack);
      rows.push({
        ...{ key, suspect, alsoIn: alsoIn(evaluation, suspect) },
        explains: [...new Set(suspect.explains.map(({ title, pack }) => named(title, pack)))],
        ...(component === undefined ? {} : { component }),
        ...extra,
      });
      suspects
        .filter((s) => explains(suspect, s))
        .forEach((s) => place(s, { explainedBy: named(suspect.title, suspect.pack) }));
    }
  };
  leaders.forEach((s, i) => place(s, { rank: i + 1 }));
  // Explained by something that is not itself a suspect: still shown, at the end.
  suspects.forEach((s) => {
    const { over, cause } = s.explainedBy ?? {};
    place(s, { explainedBy: over === undefined ? cause : `${over}, which is over` });
  });
  return { rows, noneOfThese: noneOfThese(evaluation, leaders[0]) };
}

function alsoIn(evaluation: Evaluation, { alsoIn: others }: Suspect): string[] {
  const titles = others.map(
    (o) => evaluation.diagnoses.find((d) => d.pack === o.pack && d.runbook === o.runbook)?.title ?? o.runbook
  );
  return [...new Set(titles)];
}

/** Whether a cause that is not listed is still open: judged in the runbook of the first suspect. */
function noneOfThese(evaluation: Evaluation, lead: Suspect | undefined): Verdict | undefined {
  return (
    lead && evaluation.diagnoses.find((d) => d.pack === lead.pack && d.runbook === lead.runbook)?.noneOfThese.verdict
  );
}

function explains(strong: Suspect, weak: Suspect): boolean {
  const by = weak.explainedBy;
  return (
    by !== undefined &&
    by.cause === strong.cause &&
    by.runbook === strong.runbook &&
    by.pack === strong.pack &&
    keyOf(strong) !== keyOf(weak)
  );
}

function keyOf(s: Suspect): string {
  return `${s.pack}/${s.runbook}/${s.cause}`;
}
