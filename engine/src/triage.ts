/**
 * Suspects across runbooks: one page that says what to act on when half the estate is red.
 *
 * A fault at the bottom makes symptoms all the way up, and blinds the checks in between (a stopped Postgres leaves every
 * check of Postgres unknown). Three rules keep the root on top:
 * - Only what is known leads. A runbook whose symptoms are unknown has no suspect at all, so a blinded check stands
 *   neither for nor against anybody.
 * - One cause seen from several runbooks (equal `identity`) is one suspect, taken where its case is strongest.
 * - What a suspect `explains` steps back behind it, when that suspect is at least as sure, by verdict and not by score:
 *   a symptom that is measured ten times over can outscore its cause. Edges that would go in a circle are dropped in
 *   rank order, so that somebody always stands first.
 * Across runbooks scores are compared with care: a runbook with more evidence has higher scores. So the verdict comes
 * first, then the score up to a ceiling and how many other findings the suspect explains, then who began first.
 * The set cover is greedy, likely suspects before possible ones: the fewest causes that account for every present symptom.
 */
import { compiled, unasked } from './compiled';
import { explainsCause, explainsRunbook } from './explains';
import { notChecked } from './facts';
import type { BoundPack, OutcomeMap } from './model/bound';
import type { RankedCause, RunbookDiagnosis, Suspect, Triage } from './model/diagnosis';
import type { Outcome } from './model/outcome';
import type { Cause, Signal } from './model/pack';

/** Below this share of known symptoms, silence means nothing. */
const SYMPTOM_FLOOR = 1 / 2;
/** A score beyond this is no better proof, only more evidence on file. */
const SCORE_CEILING = 25;
/** Worth of one more finding explained, in decibans, and how many of them count. */
const BREADTH = 1.5;
const BREADTH_CEILING = 4;

interface Occurrence {
  readonly diagnosis: RunbookDiagnosis;
  readonly ranked: RankedCause;
  readonly cause: Cause;
}

interface Candidate {
  readonly main: Occurrence;
  readonly all: readonly Occurrence[];
  /** Present symptoms (`<pack>/<signal>`) that it accounts for by itself, not through others. */
  readonly symptoms: ReadonlySet<string>;
  readonly worth: number;
}

/**
 * Ranks the suspects of all diagnoses. Diagnoses of runbooks that are not healthy but have no suspect count among the
 * unexplained. `now` is in ms.
 */
export function triage(
  bounds: readonly BoundPack[],
  diagnoses: readonly RunbookDiagnosis[],
  outcomes: OutcomeMap,
  now: number
): Triage {
  const ordered = [...diagnoses].sort((a, b) => compareText(`${a.pack}/${a.runbook}`, `${b.pack}/${b.runbook}`));
  const problems = ordered.filter(({ state }) => state === 'problem');
  const present = presentSymptoms(problems);
  const candidates = rank(gather(bounds, problems));
  const explainers = explainEdges(candidates);
  const first = candidates.filter((candidate) => !explainers.has(candidate));
  const inOrder = [...first, ...candidates.filter((candidate) => explainers.has(candidate))];
  const suspects = inOrder.map((candidate) => toSuspect(candidate, explainers, candidates, problems));
  const reach = reachOf(candidates, explainers);
  const cover = greedyCover(inOrder, reach, present);
  const state = stateOf(ordered);
  const seen = checkedSignals(bounds, ordered, outcomes);
  const known = seen.filter(({ outcome }) => outcome.state !== 'unknown').length;
  return {
    state,
    suspects,
    cover: cover.map(({ main }) => ({ runbook: main.diagnosis.runbook, cause: main.cause.id })),
    unexplained: unexplained(problems, candidates, reach),
    sentence: sentenceOf(state, suspects, inOrder, ordered, problems, notChecked(seen)),
    signals: { known, total: seen.length },
    at: now,
  };
}

function gather(bounds: readonly BoundPack[], problems: readonly RunbookDiagnosis[]): Candidate[] {
  const causes = new Map<string, Cause>();
  for (const { pack } of bounds) {
    for (const runbook of pack.runbooks) {
      for (const cause of runbook.causes) {
        causes.set(`${pack.id}/${runbook.id}/${cause.id}`, cause);
      }
    }
  }
  const byIdentity = new Map<string, Occurrence[]>();
  for (const diagnosis of problems) {
    for (const ranked of diagnosis.causes) {
      const cause = causes.get(`${diagnosis.pack}/${diagnosis.runbook}/${ranked.id}`);
      if (cause === undefined || (ranked.verdict !== 'likely' && ranked.verdict !== 'possible')) {
        continue;
      }
      const group = byIdentity.get(cause.identity);
      if (group) {
        group.push({ diagnosis, ranked, cause });
      } else {
        byIdentity.set(cause.identity, [{ diagnosis, ranked, cause }]);
      }
    }
  }
  return [...byIdentity.values()].map((occurrences): Candidate => {
    const sorted = [...occurrences].sort(
      (a, b) =>
        verdictTier(a.ranked) - verdictTier(b.ranked) ||
        Number(b.diagnosis.leaders.includes(b.ranked.id)) - Number(a.diagnosis.leaders.includes(a.ranked.id)) ||
        b.ranked.score - a.ranked.score ||
        compareText(where(a), where(b))
    );
    const main = sorted[0];
    if (main === undefined) {
      throw new Error('a suspect without an occurrence');
    }
    const symptoms = new Set<string>();
    for (const { diagnosis } of sorted) {
      presentSymptoms([diagnosis]).forEach((symptom) => symptoms.add(symptom));
    }
    let breadth = 0;
    for (const diagnosis of problems) {
      if (
        !sorted.some((occurrence) => occurrence.diagnosis === diagnosis) &&
        sorted.some(({ cause, diagnosis: home }) => explainsRunbook(cause, home.pack, diagnosis))
      ) {
        breadth++;
        presentSymptoms([diagnosis]).forEach((symptom) => symptoms.add(symptom));
      }
    }
    breadth += sorted.length - 1;
    const worth = Math.min(main.ranked.score, SCORE_CEILING) + BREADTH * Math.min(breadth, BREADTH_CEILING);
    return { main, all: sorted, symptoms, worth };
  });
}

function rank(candidates: readonly Candidate[]): Candidate[] {
  return [...candidates].sort(
    (a, b) =>
      verdictTier(a.main.ranked) - verdictTier(b.main.ranked) ||
      b.worth - a.worth ||
      (a.main.ranked.since ?? Infinity) - (b.main.ranked.since ?? Infinity) ||
      compareText(where(a.main), where(b.main))
  );
}

/** Who explains whom, without circles; a suspect has the highest-ranked explainer that is at least as sure as itself. */
function explainEdges(ranked: readonly Candidate[]): Map<Candidate, Candidate> {
  const by = new Map<Candidate, Candidate>();
  const descendsFrom = (candidate: Candidate, ancestor: Candidate): boolean => {
    for (let at: Candidate | undefined = candidate; at !== undefined; at = by.get(at)) {
      if (at === ancestor) {
        return true;
      }
    }
    return false;
  };
  for (const upstream of ranked) {
    for (const downstream of ranked) {
      if (
        upstream !== downstream &&
        !by.has(downstream) &&
        verdictTier(upstream.main.ranked) <= verdictTier(downstream.main.ranked) &&
        explains(upstream, downstream) &&
        !descendsFrom(upstream, downstream)
      ) {
        by.set(downstream, upstream);
      }
    }
  }
  return by;
}

function explains(upstream: Candidate, downstream: Candidate): boolean {
  return upstream.all.some(({ cause, diagnosis }) =>
    downstream.all.some((found) =>
      explainsCause(
        cause,
        diagnosis.pack,
        { pack: found.diagnosis.pack, runbook: found.diagnosis.runbook, cause: found.cause },
        // In a runbook in which both stand side by side, its name alone does not say which of them is downstream.
        upstream.all.some((own) => own.diagnosis === found.diagnosis)
      )
    )
  );
}

/** The present symptoms that each suspect accounts for, through what it explains included. */
function reachOf(
  ranked: readonly Candidate[],
  explainers: ReadonlyMap<Candidate, Candidate>
): Map<Candidate, Set<string>> {
  const reach = new Map(ranked.map((candidate) => [candidate, new Set(candidate.symptoms)]));
  for (const candidate of ranked) {
    for (let up = explainers.get(candidate); up !== undefined; up = explainers.get(up)) {
      candidate.symptoms.forEach((symptom) => reach.get(up as Candidate)?.add(symptom));
    }
  }
  return reach;
}

function greedyCover(
  ranked: readonly Candidate[],
  reach: ReadonlyMap<Candidate, ReadonlySet<string>>,
  present: ReadonlySet<string>
): Candidate[] {
  const open = new Set(present);
  const chosen = new Set<Candidate>();
  for (const tier of [0, 1]) {
    const pool = ranked.filter(({ main }) => verdictTier(main.ranked) === tier);
    for (;;) {
      let best: Candidate | undefined;
      let bestGain = 0;
      for (const candidate of pool) {
        let gain = 0;
        reach.get(candidate)?.forEach((symptom) => (gain += Number(open.has(symptom))));
        if (gain > bestGain) {
          best = candidate;
          bestGain = gain;
        }
      }
      if (best === undefined) {
        break;
      }
      chosen.add(best);
      reach.get(best)?.forEach((symptom) => open.delete(symptom));
    }
  }
  return ranked.filter((candidate) => chosen.has(candidate));
}

function toSuspect(
  candidate: Candidate,
  explainers: ReadonlyMap<Candidate, Candidate>,
  ranked: readonly Candidate[],
  problems: readonly RunbookDiagnosis[]
): Suspect {
  const { main, all } = candidate;
  const { diagnosis, ranked: cause } = main;
  const explainer = explainers.get(candidate);
  const downstream = ranked
    .filter((other) => explainers.get(other) === candidate)
    .map(({ main: { diagnosis: found, ranked: finding } }) => ({ runbook: found.runbook, title: finding.title }));
  const withoutSuspect = problems
    .filter(
      (found) =>
        !ranked.some((other) => other.all.some((occurrence) => occurrence.diagnosis === found)) &&
        all.some(({ cause: upstream, diagnosis: home }) => explainsRunbook(upstream, home.pack, found))
    )
    .map(({ runbook, title }) => ({ runbook, title }));
  const against = cause.contradicts[0]?.says;
  const isLeader = diagnosis.leaders.includes(cause.id);
  return {
    pack: diagnosis.pack,
    runbook: diagnosis.runbook,
    cause: cause.id,
    identity: main.cause.identity,
    alsoIn: all.slice(1).map((other) => ({
      pack: other.diagnosis.pack,
      runbook: other.diagnosis.runbook,
      cause: other.ranked.id,
      title: other.diagnosis.title,
    })),
    title: cause.title,
    verdict: cause.verdict,
    score: cause.score,
    says: cause.says,
    ...(against === undefined ? {} : { against }),
    ...(diagnosis.notChecked === undefined ? {} : { notChecked: diagnosis.notChecked }),
    ...(cause.since === undefined
      ? diagnosis.since === undefined
        ? {}
        : { since: diagnosis.since }
      : { since: cause.since }),
    explains: [...downstream, ...withoutSuspect],
    ...(explainer === undefined
      ? {}
      : { explainedBy: { runbook: explainer.main.diagnosis.runbook, cause: explainer.main.ranked.id } }),
    ...(isLeader && diagnosis.nextCheck !== undefined ? { nextCheck: diagnosis.nextCheck } : {}),
  };
}

function unexplained(
  problems: readonly RunbookDiagnosis[],
  candidates: readonly Candidate[],
  reach: ReadonlyMap<Candidate, ReadonlySet<string>>
): Triage['unexplained'] {
  const covered = new Set<string>();
  candidates.forEach((candidate) => reach.get(candidate)?.forEach((symptom) => covered.add(symptom)));
  const open: Array<{ runbook: string; signal: string }> = [];
  for (const { pack, runbook, symptoms } of problems) {
    for (const { signal, state } of symptoms) {
      if (state === 'present' && !covered.has(`${pack}/${signal}`)) {
        open.push({ runbook, signal });
      }
    }
  }
  return open;
}

function stateOf(diagnoses: readonly RunbookDiagnosis[]): Triage['state'] {
  if (diagnoses.some(({ state }) => state === 'problem')) {
    return 'problem';
  }
  if (diagnoses.length > 0 && diagnoses.every(({ state }) => state === 'healthy')) {
    return 'nothing-wrong';
  }
  const symptoms = new Map<string, Outcome>();
  diagnoses.forEach(({ pack, symptoms: list }) =>
    list.forEach((outcome) => symptoms.set(`${pack}/${outcome.signal}`, outcome))
  );
  const known = [...symptoms.values()].filter(({ state }) => state !== 'unknown').length;
  return symptoms.size > 0 && known / symptoms.size >= SYMPTOM_FLOOR ? 'nothing-wrong-found' : 'cannot-assess';
}

function presentSymptoms(diagnoses: readonly RunbookDiagnosis[]): Set<string> {
  const present = new Set<string>();
  for (const { pack, symptoms } of diagnoses) {
    for (const { signal, state } of symptoms) {
      if (state === 'present') {
        present.add(`${pack}/${signal}`);
      }
    }
  }
  return present;
}

/** Every signal of the diagnosed runbooks once, those that do not apply left out. */
function checkedSignals(
  bounds: readonly BoundPack[],
  diagnoses: readonly RunbookDiagnosis[],
  outcomes: OutcomeMap
): Array<{ signal: Signal; outcome: Outcome }> {
  const seen = new Map<string, { signal: Signal; outcome: Outcome }>();
  for (const { pack: packId, runbook } of diagnoses) {
    const bound = bounds.find(({ pack }) => pack.id === packId);
    for (const { key, signal } of (bound && compiled(bound.pack).runbooks.get(runbook)?.signals) ?? []) {
      if (!seen.has(key)) {
        const outcome = outcomes.get(key) ?? unasked(signal.id);
        if (outcome.reason !== 'not-applicable') {
          seen.set(key, { signal, outcome });
        }
      }
    }
  }
  return [...seen.values()];
}

function sentenceOf(
  state: Triage['state'],
  suspects: readonly Suspect[],
  candidates: readonly Candidate[],
  diagnoses: readonly RunbookDiagnosis[],
  problems: readonly RunbookDiagnosis[],
  unseen: string | undefined
): string {
  switch (state) {
    case 'nothing-wrong':
      return `Nothing is wrong: every symptom of ${diagnoses.length} runbooks was checked and is absent.`;
    case 'nothing-wrong-found':
      return `Nothing wrong was found, but not everything was checked. ${unseen ?? ''}`.trim();
    case 'cannot-assess':
      return diagnoses.length === 0
        ? 'Nothing can be said: no runbook was evaluated.'
        : `Nothing can be said: most symptoms could not be checked. ${unseen ?? ''}`.trim();
    case 'problem': {
      const top = suspects[0];
      const main = candidates[0]?.main;
      if (top === undefined || main === undefined) {
        return problems[0]?.sentence ?? 'Something is wrong.';
      }
      // "A or B" only when B is still a suspect of its own here, not a consequence of somebody.
      const rivals = main.diagnosis.leaders.filter((id) =>
        suspects.some(
          (suspect) =>
            suspect.explainedBy === undefined && suspect.runbook === main.diagnosis.runbook && suspect.cause === id
        )
      );
      if (main.diagnosis.leaders[0] === main.ranked.id && (main.diagnosis.leaders.length === 1 || rivals.length > 1)) {
        return main.diagnosis.sentence;
      }
      const text = top.verdict === 'likely' ? top.says : `Possibly: ${top.says}`;
      return /[.!?…]$/.test(text) ? text : `${text}.`;
    }
  }
}

function verdictTier({ verdict }: RankedCause): number {
  return verdict === 'likely' ? 0 : verdict === 'possible' ? 1 : 2;
}

function where({ diagnosis, ranked }: Occurrence): string {
  return `${diagnosis.pack}/${diagnosis.runbook}/${ranked.id}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
