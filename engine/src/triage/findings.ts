/**
 * What is red and no likely suspect accounts for. A guide never lists everything that can go wrong: a check may be critical
 * that no runbook reads, an alert may fire that none knows, a signal may be present that means trouble by itself (panics
 * in the log) while no symptom shows. None of it may hide behind "no known problem".
 */
import { checkOf, type Accounts } from './accounted';
import { addTo } from '../addTo';
import { isBlindness } from '../judging/blindness';
import { compareText } from '../compareText';
import { compiled } from '../compiled/compiled';
import { ended } from '../wording/ended';
import { outcomeWords } from '../wording/facts';
import { matchAlert } from '../planning/matchAlert';
import type { BoundPack, OutcomeMap } from '../model/bound';
import type { Finding, RunbookDiagnosis } from '../model/diagnosis';
import type { CheckResult, Outcome } from '../model/outcome';
import type { Runbook, Severity, Signal } from '../model/pack';
import type { FiringAlert, Seen, SeenRound, Unread } from '../model/seen';

const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'info'];

/** All findings, the worst and then the oldest first. */
export function findingsOf(
  bounds: readonly BoundPack[],
  diagnoses: readonly RunbookDiagnosis[],
  outcomes: OutcomeMap,
  seen: Seen | undefined,
  accounted: Accounts
): Finding[] {
  const checks = (seen?.rounds ?? [])
    .flatMap((round) =>
      round.checks.flatMap((check) => checkFinding(bounds, round, check, `${round.target}/${check.id}`))
    )
    .filter(({ id, since }) => !accounted('check', id, since));
  // Of the instances of one alert some may be effects, and others have fired since long before.
  const alerts = (seen?.alerts ?? []).filter(({ name, activeAt }) => !accounted('alert', name, activeAt));
  const known = new Set(checks.map(({ id }) => id));
  const signals = troubles(bounds, diagnoses, outcomes, known, accounted);
  return [...checks, ...alertFindings(bounds, alerts), ...signals].sort(byWeight);
}

function byWeight(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    (a.since ?? Infinity) - (b.since ?? Infinity) ||
    compareText(a.kind, b.kind) ||
    compareText(a.id, b.id)
  );
}

/** Sources that were not read, and checks that no signal asks and that could not be asked: blindness that has to be said. */
export function unreadOf(bounds: readonly BoundPack[], seen: Seen): Unread[] {
  const asked = new Set(
    bounds.flatMap((bound) =>
      [...compiled(bound.pack).signals.values()].flatMap(({ signal }) => checkOf(bound, signal) ?? [])
    )
  );
  const blind = seen.rounds.flatMap(({ target, title, checks }) =>
    checks.flatMap((check): Unread[] =>
      check.state === 'unknown' && isBlindness(check.reason) && !asked.has(`${target}/${check.id}`)
        ? [
            {
              what: `${title}: ${check.title}`,
              reason: check.reason ?? 'query-error',
              detail: check.summary,
              mend: check.mend ?? '',
            },
          ]
        : []
    )
  );
  return [...seen.unread, ...blind];
}

function checkFinding(
  bounds: readonly BoundPack[],
  { title: where }: SeenRound,
  check: CheckResult,
  id: string
): Finding[] {
  if (check.state !== 'critical' && check.state !== 'warning') {
    return [];
  }
  return [
    {
      kind: 'check',
      id,
      title: check.title,
      where,
      severity: check.state,
      says: ended(`${where}: ${check.summary}`),
      ...(check.since === null ? {} : { since: check.since }),
      source: 'diagnostics',
      ...(check.mend === undefined ? {} : { mend: check.mend }),
      ...checkRunbook(bounds, id),
    },
  ];
}

/** One finding for each name: ten instances of one alert are one thing to look at. */
function alertFindings(bounds: readonly BoundPack[], alerts: readonly FiringAlert[]): Finding[] {
  const byName = new Map<string, FiringAlert[]>();
  for (const alert of alerts) {
    // By convention (Watchdog, InfoInhibitor) an alert of this severity always fires, and says that alerting works.
    if (alert.labels['severity'] !== 'none') {
      addTo(byName, alert.name, alert);
    }
  }
  return [...byName].flatMap(([name, instances]): Finding[] => {
    const [first] = instances;
    if (first === undefined) {
      return [];
    }
    const summary = first.annotations['summary'] ?? first.annotations['description'];
    const times = instances.flatMap(({ activeAt }) => activeAt ?? []);
    const count = instances.length === 1 ? '' : ` (${instances.length} times)`;
    return [
      {
        kind: 'alert',
        id: name,
        title: name,
        where: first.labels['service'] ?? first.labels['job'] ?? first.labels['instance'] ?? '',
        severity: worst(instances.map(({ labels }) => severityOf(labels['severity']))),
        says: ended(`The alert ${name} fires${count}${summary ? `: ${summary}` : ''}`),
        ...(times.length === 0 ? {} : { since: Math.min(...times) }),
        source: first.source,
        ...alertRunbook(bounds, first),
      },
    ];
  });
}

/** What carries no severity that is known to be mild is taken seriously. */
function severityOf(label: string | undefined): Severity {
  const text = label?.toLowerCase();
  return text === 'warning' || text === 'info' ? text : 'critical';
}

function worst(severities: readonly Severity[]): Severity {
  return SEVERITIES.find((severity) => severities.includes(severity)) ?? 'critical';
}

function alertRunbook(bounds: readonly BoundPack[], alert: FiringAlert): Pick<Finding, 'runbook'> {
  const packs = bounds.map(({ pack }) => pack);
  const [match] = matchAlert(packs, alert);
  const runbook = packs.find(({ id }) => id === match?.pack)?.runbooks.find(({ id }) => id === match?.runbook);
  return runbook === undefined ? {} : named(runbook);
}

/**
 * Present signals that mean trouble by themselves. Left out are those that a runbook with a problem already speaks of, those
 * that are over in the last part of their window, those whose check is a finding already, and those that are accounted for.
 */
function troubles(
  bounds: readonly BoundPack[],
  diagnoses: readonly RunbookDiagnosis[],
  outcomes: OutcomeMap,
  known: ReadonlySet<string>,
  accounted: Accounts
): Finding[] {
  const problems = new Map<string, Set<string>>();
  for (const { pack, runbook, state } of diagnoses) {
    if (state === 'problem') {
      problems.set(pack, (problems.get(pack) ?? new Set()).add(runbook));
    }
  }
  return bounds.flatMap((bound) => {
    const { troubles: signals, askedBy } = compiled(bound.pack);
    const present = signals.filter(({ signal, key }) => {
      const outcome = outcomes.get(key);
      return (
        outcome?.state === 'present' &&
        (signal.trouble === true || outcome.severity === 'critical') &&
        (signal.recent === undefined || outcomes.get(`${bound.pack.id}/${signal.recent}`)?.state !== 'absent') &&
        (known.size === 0 || !known.has(checkOf(bound, signal) ?? ''))
      );
    });
    if (present.length === 0) {
      return [];
    }
    const own = problems.get(bound.pack.id);
    return present
      .filter((found) => !askedBy.get(found)?.some((runbook) => own?.has(runbook) === true))
      .flatMap(({ signal, key }): Finding[] => {
        const outcome = outcomes.get(key);
        return outcome === undefined || accounted('signal', key, outcome.since)
          ? []
          : [troubleFinding(bound, signal, key, outcome)];
      });
  });
}

function troubleFinding(bound: BoundPack, signal: Signal, key: string, outcome: Outcome): Finding {
  const home = compiled(bound.pack).home.get(signal.id);
  return {
    kind: 'signal',
    id: key,
    title: signal.title,
    where: bound.pack.title,
    severity: outcome.severity ?? 'critical',
    says: ended(`${bound.pack.title}: ${outcomeWords(signal, outcome)}`),
    ...(outcome.since === undefined ? {} : { since: outcome.since }),
    source: sourceOf(signal),
    ...(home === undefined ? {} : named(home)),
  };
}

function sourceOf({ query }: Signal): Finding['source'] {
  switch (query.source) {
    case 'manual':
      return 'person';
    case 'alert':
    case 'combine':
      return 'prometheus';
    default:
      return query.source;
  }
}

/** The runbook that asks about a check: as a symptom if one does, else as evidence for a cause. */
function checkRunbook(bounds: readonly BoundPack[], id: string): Pick<Finding, 'runbook'> {
  const homes = bounds.flatMap((bound) => {
    const { judged, home } = compiled(bound.pack);
    return judged
      .filter(({ signal }) => checkOf(bound, signal) === id)
      .flatMap(({ signal }) => {
        const runbook = home.get(signal.id);
        return runbook === undefined ? [] : [{ runbook, symptom: runbook.symptoms.includes(signal.id) }];
      });
  });
  const found = homes.find(({ symptom }) => symptom) ?? homes[0];
  return found === undefined ? {} : named(found.runbook);
}

function named({ pack, id, title }: Runbook): Pick<Finding, 'runbook'> {
  return { runbook: { pack, runbook: id, title } };
}
