import type { Pack, Runbook } from '../model/pack';

export interface AlertMatch {
  readonly pack: string;
  readonly runbook: string;
  /** Parameters that the alert's labels give. */
  readonly params: Readonly<Record<string, string>>;
}

/**
 * The runbooks that an alert opens, with the parameters that its labels give. Two services may share an alert's name:
 * when the label `service` picks some of the runbooks, the others are left out.
 */
export function matchAlert(
  packs: readonly Pack[],
  alert: { readonly name: string; readonly labels: Readonly<Record<string, string>> }
): AlertMatch[] {
  const named = packs.flatMap((pack) =>
    pack.runbooks.filter((runbook) => runbook.alerts.includes(alert.name)).map((runbook) => ({ pack, runbook }))
  );
  const service = alert.labels['service'];
  const picked = service === undefined ? [] : named.filter(({ pack, runbook }) => isOf(service, pack, runbook));
  return (picked.length > 0 ? picked : named).map(({ pack, runbook }) => ({
    pack: pack.id,
    runbook: runbook.id,
    params: Object.fromEntries(
      Object.entries(pack.params).flatMap(([name, { label }]) => {
        const value = label !== undefined && Object.hasOwn(alert.labels, label) ? alert.labels[label] : undefined;
        return value === undefined || value === '' ? [] : [[name, value]];
      })
    ),
  }));
}

function isOf(service: string, pack: Pack, runbook: Runbook): boolean {
  return [runbook.service, pack.id].some((name) => service === name || service.startsWith(`${name}-`));
}
