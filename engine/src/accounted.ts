/** What the likely suspects account for: the checks, alerts and signals that belong to them, or to what they explain. */
import { compiled } from './compiled';
import { explainsNames, namesIdentity } from './explains';
import { bindText } from './judging/bindText';
import type { BoundPack } from './model/bound';
import type { Cause, Runbook, Signal } from './model/pack';
import { tier, type Candidate } from './suspects';

export interface Accounted {
  /** `<target>/<check>`. */
  readonly checks: ReadonlySet<string>;
  /** Names. */
  readonly alerts: ReadonlySet<string>;
  /** `<pack>/<signal>`. */
  readonly signals: ReadonlySet<string>;
}

/**
 * Gathers what belongs to every suspect that is likely, or that a likely one explains: the evidence that speaks for its
 * cause, the symptoms and alerts of its runbooks and of those that it names as downstream.
 */
export function accountedFor(
  bounds: readonly BoundPack[],
  candidates: readonly Candidate[],
  explainers: ReadonlyMap<Candidate, Candidate>
): Accounted {
  const gathered = new Gathered();
  const byId = new Map(bounds.map((bound) => [bound.pack.id, bound]));
  for (const candidate of candidates) {
    if (!isLikely(candidate, explainers)) {
      continue;
    }
    for (const { cause, diagnosis } of candidate.all) {
      const bound = byId.get(diagnosis.pack);
      const runbook = bound?.pack.runbooks.find(({ id }) => id === diagnosis.runbook);
      if (bound && runbook) {
        gathered.runbook(bound, runbook);
        gathered.cause(bound, cause);
        addNamed(gathered, bounds, cause, diagnosis.pack);
      }
    }
  }
  return gathered;
}

function isLikely(candidate: Candidate, explainers: ReadonlyMap<Candidate, Candidate>): boolean {
  for (let at: Candidate | undefined = candidate; at !== undefined; at = explainers.get(at)) {
    if (tier(at.main.ranked) === 0) {
      return true;
    }
  }
  return false;
}

/** What the cause names as downstream: whole runbooks, or causes of them. */
function addNamed(gathered: Gathered, bounds: readonly BoundPack[], cause: Cause, pack: string): void {
  for (const name of explainsNames(cause, pack)) {
    const [runbookId = '', causeId] = name.name.split('/');
    for (const bound of bounds) {
      const { runbooks, shared } = compiled(bound.pack);
      if (name.pack === '*' || name.pack === bound.pack.id) {
        const runbook = runbooks.get(runbookId)?.runbook;
        const named = causeId === undefined ? undefined : runbook?.causes.find(({ id }) => id === causeId);
        if (runbook && causeId === undefined) {
          gathered.runbook(bound, runbook);
        } else if (named) {
          gathered.cause(bound, named);
        }
      }
      for (const other of shared.get(name.name) ?? []) {
        if (namesIdentity(name, other.identity)) {
          gathered.cause(bound, other);
        }
      }
    }
  }
}

class Gathered implements Accounted {
  readonly checks = new Set<string>();
  readonly alerts = new Set<string>();
  readonly signals = new Set<string>();

  runbook(bound: BoundPack, runbook: Runbook): void {
    runbook.symptoms.forEach((id) => this.signal(bound, id));
    runbook.alerts.forEach((alert) => this.alerts.add(alert));
    runbook.prevention.forEach(({ alert }) => this.alerts.add(alert));
  }

  cause(bound: BoundPack, cause: Cause): void {
    for (const { signal, present } of cause.evidence) {
      if (present.sign > 0 && present.band !== 'none') {
        this.signal(bound, signal);
      }
    }
  }

  private signal(bound: BoundPack, id: string): void {
    const found = compiled(bound.pack).signals.get(id);
    if (found === undefined || this.signals.has(found.key)) {
      return;
    }
    this.signals.add(found.key);
    const check = checkOf(bound, found.signal);
    if (check !== undefined) {
      this.checks.add(check);
    }
    if (found.signal.query.source === 'alert') {
      this.alerts.add(found.signal.query.name);
    }
  }
}

/** `<target>/<check>` of a signal that reads a check whose target is known. */
export function checkOf(bound: BoundPack, { query }: Signal): string | undefined {
  const target = query.source === 'diagnostics' ? bindText(bound, query.target) : undefined;
  return target === undefined || query.source !== 'diagnostics' ? undefined : `${target}/${query.check}`;
}
