import { matchAlert, type FiringAlert, type Pack } from '@live-runbooks/engine';
import { findRunbook } from '../packs/findRunbook';
import { readRunbookUrl } from '../url/links';
import { readParams } from '../url/pageUrl';

export interface AlertRow {
  readonly key: string;
  readonly alert: FiringAlert;
  readonly severity: string;
  readonly summary: string;
  /** Where it leads, with the parameters that its labels bind. Empty when no runbook knows this alert. */
  readonly runbooks: ReadonlyArray<{
    readonly pack: string;
    readonly runbook: string;
    readonly title: string;
    readonly params: Readonly<Record<string, string>>;
  }>;
}

const SEVERITIES = ['critical', 'warning', 'info'];

/** The firing alerts with their runbooks, the worst and then the oldest first. */
export function alertRows(alerts: readonly FiringAlert[], packs: readonly Pack[], onlyPack?: string): AlertRow[] {
  return alerts
    .map((alert) => ({
      key: `${alert.source}/${alert.name}/${JSON.stringify(alert.labels)}`,
      alert,
      severity: alert.labels.severity ?? '',
      summary: alert.annotations.summary ?? alert.annotations.description ?? '',
      runbooks: runbooksOf(alert, packs),
    }))
    .filter((row) => !onlyPack || row.runbooks.length === 0 || row.runbooks.some((r) => r.pack === onlyPack))
    .sort((a, b) => rank(a) - rank(b) || (a.alert.activeAt ?? Infinity) - (b.alert.activeAt ?? Infinity));
}

function runbooksOf(alert: FiringAlert, packs: readonly Pack[]): AlertRow['runbooks'] {
  const named = readRunbookUrl(alert.runbookUrl);
  const found = named && findRunbook(packs, named.pack, named.runbook);
  const matches = matchAlert([...packs], alert);
  if (named && found) {
    const bound = matches.find((m) => m.pack === named.pack && m.runbook === named.runbook)?.params ?? {};
    // What the author of the rule wrote into the link is more deliberate than a label of the same name.
    const params = { ...bound, ...readParams(named.search) };
    return [{ pack: named.pack, runbook: named.runbook, title: found.runbook.title, params }];
  }
  return matches.map(({ pack, runbook, params }) => ({
    pack,
    runbook,
    title: findRunbook(packs, pack, runbook)?.runbook.title ?? runbook,
    params,
  }));
}

function rank(row: AlertRow): number {
  const at = SEVERITIES.indexOf(row.severity);
  return at < 0 ? SEVERITIES.length : at;
}
