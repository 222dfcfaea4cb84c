/** What the likely suspects account for: the checks, alerts and signals that belong to them, or to what they explain. */
import { addTo } from '../addTo';
import { earliestEffect } from '../ranking/before';
import { compiled } from '../compiled/compiled';
import { explainsNames, namesIdentity } from '../compiled/explains';
import { bindText } from '../planning/bindText';
import type { CompiledRunbook } from '../compiled/model';
import type { BoundPack } from '../model/bound';
import type { Finding, RunbookDiagnosis } from '../model/diagnosis';
import type { Cause, Runbook, Signal } from '../model/pack';
import { tier, type Candidate } from './suspects';

/** Answers whether a likely suspect accounts for something red, by its id as in `Finding`, and when it began (ms), if known. */
export type Accounts = (kind: Finding['kind'], id: string, since: number | undefined) => boolean;

/**
 * What belongs to every suspect that is likely, or that a likely one explains: the evidence that speaks for its cause, the symptoms and alerts of its runbooks and of those that it names as downstream. What was there clearly before the
 * likely suspect began is not accounted for; where one of the two times is not known, order says nothing.
 */
export function accountedFor(
  bounds: readonly BoundPack[],
  candidates: readonly Candidate[],
  explainers: ReadonlyMap<Candidate, Candidate>
): Accounts {
  const byId = new Map(bounds.map((bound) => [bound.pack.id, bound]));
  const named = new NamedOwners(bounds, byId);
  // The earliest beginning (ms) at which what belongs to a runbook or a cause is still accounted for.
  const times = new Map<Owner, number>();
  for (const candidate of candidates) {
    const likely = likelyOf(candidate, explainers);
    if (likely === undefined) {
      continue;
    }
    const from = earliestEffect(likely.onset);
    for (const { cause, diagnosis } of candidate.all) {
      const runbook = compiledRunbook(byId, diagnosis)?.runbook;
      if (runbook) {
        const reached = [...likely.reached].flatMap((other) => compiledRunbook(byId, other)?.runbook ?? []);
        for (const owner of [runbook, cause, ...reached, ...named.by(cause, diagnosis.pack)]) {
          times.set(owner, Math.min(from, times.get(owner) ?? from));
        }
      }
    }
  }
  const holds = (owner: Owner, since: number | undefined) => {
    const from = times.get(owner);
    return from !== undefined && (since === undefined || since >= from);
  };
  const holdsIn = (bound: BoundPack, kind: Finding['kind'], id: string, since: number | undefined) =>
    ownersOf(bound)
      [kind].get(id)
      ?.some((owner) => holds(owner, since)) === true;
  return (kind, id, since) => {
    // A signal is of one pack, of which its key begins with the id.
    const home = kind === 'signal' ? byId.get(id.slice(0, id.lastIndexOf('/'))) : undefined;
    return (home === undefined ? bounds : [home]).some((bound) => holdsIn(bound, kind, id, since));
  };
}

function compiledRunbook(
  bounds: ReadonlyMap<string, BoundPack>,
  { pack, runbook }: RunbookDiagnosis
): CompiledRunbook | undefined {
  const bound = bounds.get(pack);
  return bound && compiled(bound.pack).runbooks.get(runbook);
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

/** What causes name as downstream: whole runbooks, or causes of them. */
class NamedOwners {
  private sharedByName: ReadonlyMap<string, readonly Cause[]> | undefined;

  constructor(
    private readonly bounds: readonly BoundPack[],
    private readonly byId: ReadonlyMap<string, BoundPack>
  ) {}

  by(cause: Cause, pack: string): Owner[] {
    const found: Owner[] = [];
    for (const name of explainsNames(cause, pack)) {
      const home = this.byId.get(name.pack);
      for (const bound of name.pack === '*' ? this.bounds : home === undefined ? [] : [home]) {
        const runbook = compiled(bound.pack).runbooks.get(name.runbook)?.runbook;
        const named = name.cause === undefined ? runbook : runbook?.causes.find(({ id }) => id === name.cause);
        if (named) {
          found.push(named);
        }
      }
      for (const other of this.shared().get(name.name) ?? []) {
        if (namesIdentity(name, other.identity)) {
          found.push(other);
        }
      }
    }
    return found;
  }

  /** The shared causes of all packs by name. */
  private shared(): ReadonlyMap<string, readonly Cause[]> {
    if (this.sharedByName === undefined) {
      const all = new Map<string, Cause[]>();
      for (const { pack } of this.bounds) {
        compiled(pack).shared.forEach((causes, name) => causes.forEach((cause) => addTo(all, name, cause)));
      }
      this.sharedByName = all;
    }
    return this.sharedByName;
  }
}

/** To whom something red belongs: the runbooks that have it as a symptom or alert, the causes for which it speaks. */
type Owner = Runbook | Cause;
/** By kind, then by the id of a finding. */
type Owners = Readonly<Record<Finding['kind'], ReadonlyMap<string, readonly Owner[]>>>;

const owners = new WeakMap<BoundPack, Owners>();

/** Worked out once for a pack and its values. */
function ownersOf(bound: BoundPack): Owners {
  let known = owners.get(bound);
  if (known === undefined) {
    known = gatherOwners(bound);
    owners.set(bound, known);
  }
  return known;
}

function gatherOwners(bound: BoundPack): Owners {
  const found = {
    check: new Map<string, Owner[]>(),
    alert: new Map<string, Owner[]>(),
    signal: new Map<string, Owner[]>(),
  };
  const addSignal = (id: string, owner: Owner) => {
    const known = compiled(bound.pack).signals.get(id);
    if (known === undefined) {
      return;
    }
    addTo(found.signal, known.key, owner);
    const check = checkOf(bound, known.signal);
    if (check !== undefined) {
      addTo(found.check, check, owner);
    }
    if (known.signal.query.source === 'alert') {
      addTo(found.alert, known.signal.query.name, owner);
    }
  };
  for (const runbook of bound.pack.runbooks) {
    runbook.symptoms.forEach((id) => addSignal(id, runbook));
    [...runbook.alerts, ...runbook.prevention.map(({ alert }) => alert)].forEach((name) =>
      addTo(found.alert, name, runbook)
    );
    for (const cause of runbook.causes) {
      for (const { signal, present } of cause.evidence) {
        if (present.sign > 0 && present.band !== 'none') {
          addSignal(signal, cause);
        }
      }
    }
  }
  return found;
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
