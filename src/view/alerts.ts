import { matchAlert, type FiringAlert, type Pack } from '@live-runbooks/engine';
import type { RunbookAddress } from '../estate/runbookAddress';
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

/** The runbooks that an alert may lead to. */
export interface AlertsLead {
  readonly packs: readonly Pack[];
  /** Those of components: which one an alert means says its identity, and no label of the alert gives it a value. */
  readonly components: readonly Pack[];
  /** Where the runbook at an address is. */
  readonly addressOf: (address: RunbookAddress) => RunbookAddress;
  /** Ids of the packs and components that are looked at; all when absent. */
  readonly only?: ReadonlySet<string>;
}

/** The firing alerts with their runbooks, the worst and then the oldest first. */
export function alertRows(alerts: readonly FiringAlert[], to: AlertsLead): AlertRow[] {
  return alerts
    .map((alert) => ({
      key: `${alert.source}/${alert.name}/${JSON.stringify(alert.labels)}`,
      alert,
      severity: alert.labels.severity ?? '',
      summary: alert.annotations.summary ?? alert.annotations.description ?? '',
      runbooks: runbooksOf(alert, to),
    }))
    .filter((row) => !to.only || row.runbooks.length === 0 || row.runbooks.some((r) => to.only?.has(r.pack)))
    .sort((a, b) => rank(a) - rank(b) || (a.alert.activeAt ?? Infinity) - (b.alert.activeAt ?? Infinity));
}

function runbooksOf(alert: FiringAlert, { packs, components, addressOf }: AlertsLead): AlertRow['runbooks'] {
  const all = [...packs, ...components];
  const link = readRunbookUrl(alert.runbookUrl);
  const named = link && addressOf(link);
  const found = named && findRunbook(all, named.pack, named.runbook);
  const ids = new Set(components.map(({ id }) => id));
  const matches = matchAlert(all, alert).map((match) => (ids.has(match.pack) ? { ...match, params: {} } : match));
  if (link && named && found) {
    const bound = matches.find((m) => m.pack === named.pack && m.runbook === named.runbook)?.params ?? {};
    // What the author of the rule wrote into the link is more deliberate than a label of the same name.
    const params = { ...bound, ...readParams(link.search) };
    return [{ pack: named.pack, runbook: named.runbook, title: found.runbook.title, params }];
  }
  return matches.map(({ pack, runbook, params }) => ({
    pack,
    runbook,
    title: findRunbook(all, pack, runbook)?.runbook.title ?? runbook,
    params,
  }));
}

function rank(row: AlertRow): number {
  const at = SEVERITIES.indexOf(row.severity);
  return at < 0 ? SEVERITIES.length : at;
}
