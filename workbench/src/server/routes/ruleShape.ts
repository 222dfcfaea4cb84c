interface UpstreamRule {
  state?: string;
  name: string;
  query: string;
  duration?: number;
  keepFiringFor?: number;
  annotations?: Record<string, string>;
  alerts?: unknown[];
  labels?: Record<string, string>;
  health: string;
  lastError?: string;
  type: string;
  lastEvaluation?: string;
  evaluationTime?: number;
}

/** A group as Prometheus and Loki answer it. */
export interface UpstreamGroup {
  name: string;
  file: string;
  rules: UpstreamRule[];
  interval: number;
  lastEvaluation?: string;
  evaluationTime?: number;
}

/** A group as Grafana hands it on: what is empty is left out, in Grafana's order. */
export function toGrafanaGroup({ name, file, rules, interval, lastEvaluation, evaluationTime }: UpstreamGroup) {
  return {
    name,
    file,
    folderUid: '',
    rules: rules.map(toGrafanaRule),
    totals: null,
    interval,
    lastEvaluation,
    evaluationTime,
  };
}

function toGrafanaRule(rule: UpstreamRule) {
  const { state, name, query, duration, keepFiringFor, annotations, alerts, labels, health, lastError, type } = rule;
  return withoutEmpty({
    state,
    name,
    query,
    duration,
    keepFiringFor,
    annotations,
    alerts,
    labels,
    health,
    lastError,
    type,
    lastEvaluation: rule.lastEvaluation,
    evaluationTime: rule.evaluationTime ?? 0,
    isPaused: false,
  });
}

const OPTIONAL = ['state', 'duration', 'keepFiringFor', 'annotations', 'alerts', 'labels', 'lastError'];

function withoutEmpty(rule: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(rule).filter(([key, value]) => !OPTIONAL.includes(key) || !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) {
    return Object.keys(value).length === 0;
  }
  return value === undefined || value === null || value === 0 || value === '';
}
