/**
 * The alerts that fire now, from the rules of Grafana, Prometheus and Loki: Grafana serves all three in one shape.
 * Instances carry expanded labels and annotations; those of the rule itself still hold their templates.
 */
import type { AlertSource, FiringAlert } from '@live-runbooks/engine';
import type { Answer, AskRequest } from './ask';
import { safeDetail } from './detail';
import { isObject, textMap, textOf, type JsonObject } from './json';
import { type Parsed } from './frames';

export interface RulesReading {
  readonly firing: readonly FiringAlert[];
  /** Names of the alert rules that were evaluated without error. */
  readonly evaluated: readonly string[];
  /** Rules that could not be evaluated or read, in words. */
  readonly broken: ReadonlyArray<{ readonly rule: string; readonly detail: string }>;
}

/** `uid` is a data source's, or `grafana` for the rules that Grafana itself evaluates. */
export function rulesRequest(uid: string): AskRequest {
  return { method: 'GET', url: `/api/prometheus/${encodeURIComponent(uid)}/api/v1/rules` };
}

/** Pure. An answer in an unknown shape is an error, never "nothing fires". */
export function readRules(source: AlertSource, answer: Answer): Parsed<RulesReading> {
  const data = isObject(answer.body) && answer.body.status === 'success' ? answer.body.data : undefined;
  const groups = isObject(data) ? data.groups : undefined;
  if (answer.status !== 200 || !Array.isArray(groups)) {
    return { ok: false, error: 'the answer holds no groups of rules' };
  }
  const firing: FiringAlert[] = [];
  const evaluated: string[] = [];
  const broken: Array<{ rule: string; detail: string }> = [];
  for (const group of groups as readonly unknown[]) {
    if (!isObject(group) || !Array.isArray(group.rules)) {
      return { ok: false, error: 'a group of rules has no rules' };
    }
    for (const rule of group.rules as readonly unknown[]) {
      if (isObject(rule) && rule.type === 'recording') {
        continue;
      }
      const read = readRule(source, rule);
      firing.push(...read.firing);
      if (read.detail === undefined) {
        evaluated.push(read.name);
      } else {
        broken.push({ rule: read.name, detail: read.detail });
      }
    }
  }
  return { ok: true, value: { firing, evaluated, broken } };
}

/** One alert seen through several doors (a rule that Grafana imported, a second ruler) is one alert; the oldest counts. */
export function distinctAlerts(alerts: readonly FiringAlert[]): readonly FiringAlert[] {
  const byIdentity = new Map<string, FiringAlert>();
  for (const alert of alerts) {
    const identity = identityOf(alert);
    const known = byIdentity.get(identity);
    byIdentity.set(identity, known ? merge(known, alert) : alert);
  }
  return [...byIdentity.values()];
}

function merge(one: FiringAlert, other: FiringAlert): FiringAlert {
  const activeAt = Math.min(one.activeAt ?? Infinity, other.activeAt ?? Infinity);
  const runbookUrl = one.runbookUrl ?? other.runbookUrl;
  return {
    ...one,
    annotations: { ...other.annotations, ...one.annotations },
    ...(Number.isFinite(activeAt) ? { activeAt } : {}),
    ...(runbookUrl === undefined ? {} : { runbookUrl }),
  };
}

/** Grafana adds labels of its own (`grafana_folder`, `__…`) to the same alert. */
function identityOf(alert: FiringAlert): string {
  const labels = Object.entries(alert.labels)
    .filter(([name]) => name !== 'grafana_folder' && !name.startsWith('__'))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(labels);
}

interface RuleRead {
  readonly name: string;
  readonly firing: readonly FiringAlert[];
  /** Why nothing certain can be said of this rule. */
  readonly detail?: string;
}

function readRule(source: AlertSource, rule: unknown): RuleRead {
  const name = isObject(rule) ? textOf(rule.name) : undefined;
  if (!isObject(rule) || name === undefined) {
    return { name: 'a rule without a name', firing: [], detail: 'the rule cannot be read' };
  }
  const alerts: unknown = rule.alerts ?? [];
  const instances = Array.isArray(alerts) ? (alerts as readonly unknown[]) : undefined;
  const firing: FiringAlert[] = [];
  let detail = instances === undefined ? 'its alerts cannot be read' : ruleTrouble(rule);
  for (const instance of instances ?? []) {
    const state = isObject(instance) ? textOf(instance.state) : undefined;
    if (!isObject(instance) || state === undefined) {
      detail ??= 'one of its alerts cannot be read';
    } else if (isFiring(state)) {
      firing.push(readInstance(source, name, rule, instance));
    }
  }
  return { name, firing, ...(detail === undefined ? {} : { detail }) };
}

/** A rule in error or without data, or a paused one, is silent for another reason than that all is well. */
function ruleTrouble(rule: JsonObject): string | undefined {
  if (rule.isPaused === true) {
    return 'the rule is paused';
  }
  const health = textOf(rule.health)?.toLowerCase();
  if (health === 'ok') {
    return undefined;
  }
  const last = textOf(rule.lastError);
  return safeDetail(`its health is ${health ?? 'not known'}${last === undefined ? '' : `: ${last}`}`);
}

/** `firing` (Prometheus, Loki), `Alerting`, `Alerting (NoData)`, `Recovering` (still notified) of Grafana. */
function isFiring(state: string): boolean {
  return /^(?:firing|alerting|recovering)\b/i.test(state);
}

function readInstance(source: AlertSource, rule: string, ruleJson: JsonObject, instance: JsonObject): FiringAlert {
  const own = textMap(instance.labels) ?? {};
  const labels = own.alertname === undefined ? { ...own, alertname: rule } : own;
  const annotations = textMap(instance.annotations) ?? {};
  const raw = textMap(ruleJson.annotations)?.runbook_url;
  // The rule's own annotation is only of use when it holds no template.
  const runbookUrl = annotations.runbook_url ?? (raw?.includes('{{') ? undefined : raw);
  const activeAt = timeOf(instance.activeAt);
  return {
    name: labels.alertname ?? rule,
    labels,
    annotations,
    ...(activeAt === undefined ? {} : { activeAt }),
    ...(runbookUrl ? { runbookUrl } : {}),
    source,
  };
}

/** RFC 3339, with up to nine digits of a second; Go's zero time means that there is none. */
function timeOf(value: unknown): number | undefined {
  const text = textOf(value)?.replace(/(\.\d{3})\d+/, '$1');
  const time = text === undefined ? NaN : Date.parse(text);
  return time > 0 ? time : undefined;
}
