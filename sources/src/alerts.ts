import { forkJoin, from, map, type Observable } from 'rxjs';
import type { AlertSource, FiringAlert, PlannedQuery, Reading, Unread } from '@live-runbooks/engine';
import type { Answer, AskRequest } from './ask';
import type { Asked } from './deadline';
import { detailOf } from './detail';
import { failureReading, type Failure, type Timing } from './failure';
import { CONFIGURATION_PAGE, noAnswer, refused, type Asking } from './refusal';
import { distinctAlerts, readRules, rulesRequest } from './rules';

/** What is not known about the alerts, and how to mend it. */
export interface SourceProblem extends Failure {
  readonly source: AlertSource;
  /** Set when one rule is the matter, not the source. */
  readonly rule?: string;
}

export interface Alerts {
  /** Oldest first. */
  readonly alerts: readonly FiringAlert[];
  readonly problems: readonly SourceProblem[];
  /** Whether any source of rules answered. */
  readonly heard: boolean;
}

/** Sources of alerts that could not be read. One broken rule does not hide the others. */
export function unreadAlerts(problems: readonly SourceProblem[]): Unread[] {
  return problems.flatMap(({ source, rule, reason, detail, mend }) =>
    rule === undefined ? [{ what: `the alert rules of ${SERVERS[source]}`, rulesOf: source, reason, detail, mend }] : []
  );
}

export interface AlertsReading extends Alerts, Timing {
  /** Names of the rules that were evaluated without error, in any source. */
  readonly evaluated: readonly string[];
}

interface RulesPart {
  readonly heard: boolean;
  readonly alerts: readonly FiringAlert[];
  readonly evaluated: readonly string[];
  readonly problems: readonly SourceProblem[];
}

interface AlertSources {
  readonly pluginId: string;
  readonly prometheusUid?: string | undefined;
  readonly lokiUid?: string | undefined;
  readonly timeoutMs: number;
  readonly now: () => number;
  /** Asks within the deadline; unsubscribing aborts. */
  readonly asked: (request: AskRequest) => Observable<Asked>;
}

const SERVERS: Record<AlertSource, string> = { grafana: 'Grafana', prometheus: 'Prometheus', loki: 'Loki' };

/** Asks the rules of Grafana, Prometheus and (where configured) Loki once each. Emits once, never errors. */
export function readAlerts(sources: AlertSources): Observable<AlertsReading> {
  const askedAt = sources.now();
  const uids: ReadonlyArray<readonly [AlertSource, string | undefined]> = [
    ['grafana', 'grafana'],
    ['prometheus', sources.prometheusUid],
    // Loki is optional: without one there are no rules of Loki to know about.
    ...(sources.lokiUid ? [['loki', sources.lokiUid] as const] : []),
  ];
  return forkJoin(uids.map(([source, uid]) => readSource(sources, source, uid))).pipe(
    map((parts) => ({
      alerts: [...distinctAlerts(parts.flatMap((part) => part.alerts))].sort(
        (a, b) => (a.activeAt ?? Infinity) - (b.activeAt ?? Infinity) || (a.name < b.name ? -1 : 1)
      ),
      problems: parts.flatMap((part) => part.problems),
      evaluated: parts.flatMap((part) => part.evaluated),
      heard: parts.some((part) => part.heard),
      askedAt,
      tookMs: sources.now() - askedAt,
    }))
  );
}

/** The series in which Prometheus keeps what its rules found: the only memory of what fired. */
export const FIRING_THEN: PlannedQuery = {
  id: 'ALERTS',
  source: 'prometheus',
  expr: 'ALERTS{alertstate="firing"}',
  cost: 0,
  signals: [],
};

/**
 * What fired at a past time, from the reading of `FIRING_THEN`. Which other rules were evaluated then is not kept: their silence
 * says nothing, and an answer without any series may as well mean that no rule was. The rules of Grafana, and of Loki where there
 * is one, leave no series there: what they found then is not known.
 */
export function alertsThen(reading: Reading, hasLoki: boolean): AlertsReading {
  const { askedAt, tookMs } = reading;
  const others: SourceProblem[] = [notKeptThen('grafana'), ...(hasLoki ? [notKeptThen('loki')] : [])];
  const none = { alerts: [], evaluated: [], heard: false, askedAt, tookMs };
  if (reading.kind !== 'samples') {
    const { reason, detail, mend } = reading.kind === 'failure' ? reading : NO_SERIES_THEN;
    return { ...none, problems: [{ source: 'prometheus', reason, detail, mend }, ...others] };
  }
  if (reading.samples.length === 0) {
    return { ...none, problems: [{ source: 'prometheus', ...NO_SERIES_THEN }, ...others] };
  }
  const alerts = reading.samples.map(({ labels }): FiringAlert => {
    const { __name__: _name, alertstate: _state, ...own } = labels;
    return { name: own.alertname ?? '', labels: own, annotations: {}, source: 'prometheus' };
  });
  return { ...none, alerts, heard: true, problems: others };
}

// Not `not-applicable`: the engine leaves that out of its count, and a runbook whose other symptoms are absent at that
// time would read as healthy although nobody looked.
const NO_SERIES_THEN: Failure = {
  reason: 'no-series',
  detail: 'Prometheus recorded no alert that fired then, and not whether its rules were evaluated',
  mend: "Go back to now, or see the alerts' state history in Grafana.",
};

function notKeptThen(source: AlertSource): SourceProblem {
  return {
    source,
    reason: 'no-series',
    detail: `Prometheus keeps what fired then of its own rules, not of those of ${SERVERS[source]}`,
    mend: "Go back to now, or see the alerts' state history in Grafana.",
  };
}

function readSource(sources: AlertSources, source: AlertSource, uid: string | undefined): Observable<RulesPart> {
  const asking: Asking = {
    name: `the alert rules of ${SERVERS[source]}`,
    server: SERVERS[source],
    permission: source === 'grafana' ? 'alert.rules:read' : 'alert.rules.external:read',
    pluginId: sources.pluginId,
    ...(uid === undefined || source === 'grafana' ? {} : { uid }),
  };
  const problem = (failure: Failure): RulesPart => ({
    heard: false,
    alerts: [],
    evaluated: [],
    problems: [{ source, ...failure }],
  });
  if (!uid) {
    return from([
      problem({
        reason: 'not-configured',
        detail: `${asking.name} are not known: no data source is chosen`,
        mend: `Choose the Prometheus data source on ${CONFIGURATION_PAGE}.`,
      }),
    ]);
  }
  return sources.asked(rulesRequest(uid)).pipe(
    map((asked): RulesPart => {
      if (asked.kind !== 'answer') {
        return problem(noAnswer(asked, asking, sources.timeoutMs));
      }
      const read = readRules(source, asked.answer);
      if (!read.ok) {
        return problem(noDataSource(asked.answer, source, uid) ?? refused(asked.answer, asking));
      }
      return {
        heard: true,
        alerts: read.value.firing,
        evaluated: read.value.evaluated,
        problems: read.value.broken.map(({ rule, detail }) => ({
          source,
          rule,
          reason: 'query-error',
          detail: `${rule}: ${detail}`,
          mend: `Open the rule ${rule} under Alerting → Alert rules and mend its query or its pause.`,
        })),
      };
    })
  );
}

/** A data source that is named and does not exist: said in the words of the person who has to choose another. */
function noDataSource(answer: Answer, source: AlertSource, uid: string): Failure | undefined {
  const missing = answer.status === 404 && /data source not found/i.test(detailOf(answer.status, answer.body));
  return missing && source !== 'grafana'
    ? {
        reason: 'not-configured',
        detail: `the rules of ${SERVERS[source]} were not asked: no data source has the uid “${uid}”`,
        mend: `Choose one on ${CONFIGURATION_PAGE}.`,
      }
    : undefined;
}

/**
 * The reading of every planned alert query: all that fires, of which the engine picks by name and labels, and which
 * rules were evaluated, since only their silence says anything. A row is the labels and `activeAt` (ms). A source of
 * rules that was not heard takes nothing away from what the others said; when none was, there is no reading.
 */
export function alertReading(reading: AlertsReading): Reading {
  const { askedAt, tookMs } = reading;
  const deaf = reading.problems.find((problem) => problem.rule === undefined);
  const unheard = deaf && { reason: deaf.reason, detail: deaf.detail, mend: deaf.mend };
  if (unheard && !reading.heard) {
    return failureReading(unheard, { askedAt, tookMs });
  }
  const times = reading.alerts.flatMap((alert) => alert.activeAt ?? []);
  // Rules may share a name; where one of them is broken, silence under that name is no answer.
  const broken = new Set(reading.problems.flatMap(({ rule }) => rule ?? []));
  return {
    kind: 'alerts',
    firing: reading.alerts.map(({ labels, activeAt }) => (activeAt === undefined ? labels : { ...labels, activeAt })),
    ...(times.length === 0 ? {} : { since: Math.min(...times) }),
    evaluated: [...new Set(reading.evaluated)].filter((rule) => !broken.has(rule)),
    ...(unheard === undefined ? {} : { unheard }),
    askedAt,
    tookMs,
  };
}
