import { config, getBackendSrv } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';

interface Rule {
  name: string;
  query?: string;
  state?: string;
  type: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  alerts?: Instance[];
}

/** One alert of a rule, with the annotations filled in. */
export interface Instance {
  labels: Record<string, string>;
  annotations?: Record<string, string>;
  /** `firing` or `pending`; of Grafana's own rules `Alerting`. */
  state: string;
  activeAt?: string;
  value?: string;
}

/** An alert rule that is firing or pending, and where it comes from. */
export interface ActiveRule {
  source: string;
  name: string;
  state: 'firing' | 'pending';
  severity?: string;
  summary?: string;
  runbookUrl?: string;
  /** ISO 8601, of the instance that has been active for longest. */
  since?: string;
  query?: string;
  labels?: Record<string, string>;
  /** As the rule has them: not filled in. */
  annotations?: Record<string, string>;
  instances: Instance[];
}

export interface ActiveRules {
  rules: ActiveRule[];
  inactive: number;
  /** The sources that could not be asked: what they hold is unknown. */
  unknown: Array<{ source: string; reason: string }>;
}

/** The alert rules of Grafana and of every data source that has any. */
export async function fetchActiveRules(): Promise<ActiveRules> {
  const sources = [
    { name: 'Grafana', uid: 'grafana' },
    ...Object.values(config.datasources)
      .filter((each) => each.meta.alerting)
      .map(({ name, uid }) => ({ name, uid })),
  ];
  const result: ActiveRules = { rules: [], inactive: 0, unknown: [] };
  await Promise.all(
    sources.map(async ({ name, uid }) => {
      try {
        const alerting = (await rulesOf(uid)).filter((rule) => rule.type === 'alerting');
        const active = alerting.filter((rule) => rule.state === 'firing' || rule.state === 'pending');
        result.rules.push(...active.map((rule) => activeRule(name, rule)));
        result.inactive += alerting.length - active.length;
      } catch (error) {
        const { status, data } = error as { status?: number; data?: { message?: string } };
        result.unknown.push({ source: name, reason: data?.message ?? `HTTP ${status ?? 0}` });
      }
    })
  );
  result.rules.sort((a, b) => a.state.localeCompare(b.state) || a.name.localeCompare(b.name));
  return result;
}

async function rulesOf(uid: string): Promise<Rule[]> {
  const response = await lastValueFrom(
    getBackendSrv().fetch<{ data: { groups: Array<{ rules: Rule[] }> } }>({
      url: `/api/prometheus/${uid}/api/v1/rules`,
      showErrorAlert: false,
    })
  );
  return response.data.data.groups.flatMap((group) => group.rules);
}

function activeRule(source: string, rule: Rule): ActiveRule {
  const instances = rule.alerts ?? [];
  const first = instances[0];
  return {
    source,
    name: rule.name,
    state: rule.state === 'pending' ? 'pending' : 'firing',
    severity: rule.labels?.['severity'] ?? first?.labels['severity'],
    summary: first?.annotations?.['summary'] ?? rule.annotations?.['summary'],
    runbookUrl: rule.annotations?.['runbook_url'],
    since: instances
      .map((each) => each.activeAt ?? '')
      .filter(Boolean)
      .sort()[0],
    query: rule.query,
    labels: rule.labels,
    annotations: rule.annotations,
    instances,
  };
}
