/** What the likely suspects account for: the checks, alerts and signals that belong to them, or to what they explain. */
import { earliestEffect } from './before';
import { compiled } from './compiled';
import { explainsNames, namesIdentity } from './explains';
import { bindText } from './judging/bindText';
import type { BoundPack } from './model/bound';
import type { Finding } from './model/diagnosis';
import type { Cause, Runbook, Signal } from './model/pack';
import { tier, type Candidate } from './suspects';

/** Answers whether a likely suspect accounts for something red, by its id as in `Finding`, and when it began (ms), if known. */
export type Accounts = (kind: Finding['kind'], id: string, since: number | undefined) => boolean;

/**
 * Gathers what belongs to every suspect that is likely, or that a likely one explains: the evidence that speaks for its
 * cause, the symptoms and alerts of its runbooks and of those that it names as downstream. What was there clearly before the
 * likely suspect began is not accounted for; where one of the two times is not known, order says nothing.
 */
export function accountedFor(
  bounds: readonly BoundPack[],
  candidates: readonly Candidate[],
  explainers: ReadonlyMap<Candidate, Candidate>
): Accounts {
  const gathered = new Gathered();
  const byId = new Map(bounds.map((bound) => [bound.pack.id, bound]));
  for (const candidate of candidates) {
    const likely = likelyOf(candidate, explainers);
    if (likely === undefined) {
      continue;
    }
    gathered.from = earliestEffect(likely.onset);
    for (const { cause, diagnosis } of candidate.all) {
      const bound = byId.get(diagnosis.pack);
      const runbook = bound && compiled(bound.pack).runbooks.get(diagnosis.runbook)?.runbook;
      if (bound && runbook) {
        gathered.runbook(bound, runbook);
        gathered.cause(bound, cause);
        addNamed(gathered, bounds, cause, diagnosis.pack);
      }
    }
  }
  return (kind, id, since) => {
    const from = gathered[kind].get(id);
    return from !== undefined && (since === undefined || since >= from);
  };
}

/** The candidate itself when it is likely, else the likely one that explains it. */
function likelyOf(candidate: Candidate, explainers: ReadonlyMap<Candidate, Candidate>): Candidate | undefined {
  for (let at: Candidate | undefined = candidate; at !== undefined; at = explainers.get(at)) {
    if (tier(at.main.ranked) === 0) {
      return at;
    }
  }
  return undefined;
}

/** What the cause names as downstream: whole runbooks, or causes of them. */
function addNamed(gathered: Gathered, bounds: readonly BoundPack[], cause: Cause, pack: string): void {
  for (const name of explainsNames(cause, pack)) {
    for (const bound of bounds) {
      const { runbooks, shared } = compiled(bound.pack);
      if (name.pack === '*' || name.pack === bound.pack.id) {
        const runbook = runbooks.get(name.runbook)?.runbook;
        const named = name.cause === undefined ? undefined : runbook?.causes.find(({ id }) => id === name.cause);
        if (runbook && name.cause === undefined) {
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

/** The earliest beginning (ms) at which each thing is still accounted for. */
class Gathered {
  /** `<target>/<check>`. */
  readonly check = new Map<string, number>();
  /** Names. */
  readonly alert = new Map<string, number>();
  /** `<pack>/<signal>`. */
  readonly signal = new Map<string, number>();
  /** For what is gathered next. */
  from = -Infinity;
  /** Runbooks and causes are named many times; each is walked through once, or again for an earlier beginning. */
  private readonly walked = new Map<Runbook | Cause, number>();

  runbook(bound: BoundPack, runbook: Runbook): void {
    if (this.isNew(this.walked, runbook)) {
      runbook.symptoms.forEach((id) => this.add(bound, id));
      runbook.alerts.forEach((alert) => this.isNew(this.alert, alert));
      runbook.prevention.forEach(({ alert }) => this.isNew(this.alert, alert));
    }
  }

  cause(bound: BoundPack, cause: Cause): void {
    if (this.isNew(this.walked, cause)) {
      for (const { signal, present } of cause.evidence) {
        if (present.sign > 0 && present.band !== 'none') {
          this.add(bound, signal);
        }
      }
    }
  }

  private add(bound: BoundPack, id: string): void {
    const found = compiled(bound.pack).signals.get(id);
    if (found === undefined || !this.isNew(this.signal, found.key)) {
      return;
    }
    const check = checkOf(bound, found.signal);
    if (check !== undefined) {
      this.isNew(this.check, check);
    }
    if (found.signal.query.source === 'alert') {
      this.isNew(this.alert, found.signal.query.name);
    }
  }

  /** Whether it was not gathered yet, or only from a later beginning; it is now. */
  private isNew<Key>(times: Map<Key, number>, key: Key): boolean {
    const known = times.get(key);
    if (known !== undefined && known <= this.from) {
      return false;
    }
    times.set(key, this.from);
    return true;
  }
}

const checks = new WeakMap<BoundPack, ReadonlyMap<Signal, string>>();

/** `<target>/<check>` of a signal of the pack that reads a check whose target is known. */
export function checkOf(bound: BoundPack, signal: Signal): string | undefined {
  let known = checks.get(bound);
  if (known === undefined) {
    known = checksOf(bound);
    checks.set(bound, known);
  }
  return known.get(signal);
}

function checksOf(bound: BoundPack): Map<Signal, string> {
  return new Map(
    [...compiled(bound.pack).signals.values()].flatMap(({ signal }) => {
      const { query } = signal;
      const target = query.source === 'diagnostics' ? bindText(bound, query.target) : undefined;
      return query.source !== 'diagnostics' || target === undefined
        ? []
        : [[signal, `${target}/${query.check}`] as const];
    })
  );
}
