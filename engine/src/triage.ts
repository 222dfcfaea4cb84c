/**
 * Suspects across runbooks: one page that says what to act on when half the estate is red.
 *
 * A fault at the bottom makes symptoms all the way up, and blinds the checks in between (a stopped Postgres leaves every
 * check of Postgres unknown). Three rules keep the root on top:
 * - Only what is known leads. A runbook whose symptoms are unknown has no suspect at all, so a blinded check stands
 *   neither for nor against anybody.
 * - One cause seen from several runbooks (equal `identity`) is one suspect: as sure as where its case is strongest,
 *   and shown in the runbook where it is at home.
 * - What a suspect `explains` steps back behind it, when that suspect is at least as sure, by verdict and not by score:
 *   a symptom that is measured ten times over can outscore its cause. Edges that would go in a circle are dropped in
 *   rank order, so that somebody always stands first.
 * Across runbooks scores are compared with care: a runbook with more evidence has higher scores. So the verdict comes
 * first, then the score up to a ceiling and how many other findings the suspect explains, then who began first.
 * The set cover is greedy, likely suspects before possible ones: the fewest causes that account for every present symptom.
 */
import { compiled, unasked, type CompiledPack, type CompiledRunbook, type CompiledSignal } from './compiled';
import { greedyCover } from './cover';
import { explainEdges } from './downstream';
import { notChecked } from './facts';
import type { BoundPack, OutcomeMap } from './model/bound';
import type { RunbookDiagnosis, Suspect, Triage } from './model/diagnosis';
import type { Outcome } from './model/outcome';
import { gatherSuspects, presentSymptoms, type Candidate } from './suspects';

/** Below this share of known symptoms, silence means nothing. */
const SYMPTOM_FLOOR = 1 / 2;

/**
 * Ranks the suspects of all diagnoses. Symptoms of runbooks without a suspect are `unexplained`, unless a suspect of
 * another runbook names that runbook as downstream. `now` is in ms.
 */
export function triage(
  bounds: readonly BoundPack[],
  diagnoses: readonly RunbookDiagnosis[],
  outcomes: OutcomeMap,
  now: number
): Triage {
  const ordered = [...diagnoses].sort((a, b) => compareText(`${a.pack}/${a.runbook}`, `${b.pack}/${b.runbook}`));
  const problems = ordered.filter(({ state }) => state === 'problem');
  const candidates = gatherSuspects(bounds, problems);
  const explainers = explainEdges(candidates);
  const inOrder = [
    ...candidates.filter((candidate) => !explainers.has(candidate)),
    ...candidates.filter((candidate) => explainers.has(candidate)),
  ];
  const findings = findingsOf(inOrder, explainers);
  const suspects = inOrder.map((candidate) =>
    toSuspect(candidate, explainers.get(candidate), findings.get(candidate) ?? [])
  );
  const reach = reachOf(candidates, explainers);
  const cover = greedyCover(inOrder, reach, new Set(problems.flatMap(presentSymptoms)));
  const state = stateOf(ordered);
  const { signals, found, known } = checkedSignals(bounds, ordered, outcomes);
  return {
    state,
    ...(problems.length > 0 && problems.every(({ recovering }) => recovering) ? { recovering: true as const } : {}),
    suspects,
    cover: cover.map(({ home }) => ({ runbook: home.diagnosis.runbook, cause: home.cause.id })),
    unexplained: unexplained(
      problems.filter(({ recovering }) => recovering !== true),
      reach
    ),
    sentence: sentenceOf(state, suspects, inOrder, ordered, problems, () => notChecked(signals, found)),
    signals: { known, total: found.length },
    at: now,
  };
}

/** What each suspect explains: suspects behind it, and runbooks with a problem for which nobody else was found. */
function findingsOf(
  ranked: readonly Candidate[],
  explainers: ReadonlyMap<Candidate, Candidate>
): Map<Candidate, Array<Suspect['explains'][number]>> {
  const findings = new Map<Candidate, Array<Suspect['explains'][number]>>(ranked.map((candidate) => [candidate, []]));
  const withSuspect = new Set(ranked.flatMap(({ all }) => all.map(({ diagnosis }) => diagnosis)));
  for (const candidate of ranked) {
    const explainer = explainers.get(candidate);
    if (explainer) {
      findings.get(explainer)?.push({ runbook: candidate.home.diagnosis.runbook, title: candidate.main.ranked.title });
    }
  }
  for (const candidate of ranked) {
    for (const diagnosis of candidate.downstream) {
      if (!withSuspect.has(diagnosis)) {
        findings.get(candidate)?.push({ runbook: diagnosis.runbook, title: diagnosis.title });
      }
    }
  }
  return findings;
}

/** The present symptoms that each suspect accounts for, through what it explains included. */
function reachOf(
  ranked: readonly Candidate[],
  explainers: ReadonlyMap<Candidate, Candidate>
): Map<Candidate, Set<string>> {
  const reach = new Map(ranked.map((candidate) => [candidate, new Set(candidate.symptoms)]));
  for (const candidate of ranked) {
    for (let up = explainers.get(candidate); up !== undefined; up = explainers.get(up)) {
      const upstream = reach.get(up);
      candidate.symptoms.forEach((symptom) => upstream?.add(symptom));
    }
  }
  return reach;
}

function toSuspect(
  { main, home, all }: Candidate,
  explainer: Candidate | undefined,
  explains: Suspect['explains']
): Suspect {
  const { diagnosis, ranked } = main;
  const against = ranked.contradicts[0]?.says;
  const since = ranked.since ?? diagnosis.since;
  return {
    pack: home.diagnosis.pack,
    runbook: home.diagnosis.runbook,
    cause: home.ranked.id,
    identity: main.cause.identity,
    alsoIn: all
      .filter((other) => other !== home)
      .map((other) => ({
        pack: other.diagnosis.pack,
        runbook: other.diagnosis.runbook,
        cause: other.ranked.id,
        title: other.diagnosis.title,
      })),
    title: ranked.title,
    verdict: ranked.verdict,
    score: ranked.score,
    says: ranked.says,
    ...(against === undefined ? {} : { against }),
    ...(diagnosis.notChecked === undefined ? {} : { notChecked: diagnosis.notChecked }),
    ...(since === undefined ? {} : { since }),
    explains,
    ...(explainer === undefined
      ? {}
      : { explainedBy: { runbook: explainer.home.diagnosis.runbook, cause: explainer.home.ranked.id } }),
    ...(diagnosis.leaders.includes(ranked.id) && diagnosis.nextCheck !== undefined
      ? { nextCheck: diagnosis.nextCheck }
      : {}),
  };
}

function unexplained(
  problems: readonly RunbookDiagnosis[],
  reach: ReadonlyMap<Candidate, ReadonlySet<string>>
): Triage['unexplained'] {
  const covered = new Set<string>();
  reach.forEach((symptoms) => symptoms.forEach((symptom) => covered.add(symptom)));
  return problems.flatMap(({ pack, runbook, symptoms }) =>
    symptoms
      .filter(({ signal, state }) => state === 'present' && !covered.has(`${pack}/${signal}`))
      .map(({ signal }) => ({ runbook, signal }))
  );
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

/** Every signal of the diagnosed runbooks once, those that do not apply left out, and its outcome. */
function checkedSignals(
  bounds: readonly BoundPack[],
  diagnoses: readonly RunbookDiagnosis[],
  outcomes: OutcomeMap
): { signals: CompiledSignal[]; found: Outcome[]; known: number } {
  const packs = new Map(bounds.map((bound) => [bound.pack.id, compiled(bound.pack)]));
  const chosen = new Map<CompiledPack, CompiledRunbook[]>();
  for (const { pack, runbook } of diagnoses) {
    const home = packs.get(pack);
    const asked = home?.runbooks.get(runbook);
    if (home !== undefined && asked !== undefined) {
      const list = chosen.get(home);
      if (list) {
        list.push(asked);
      } else {
        chosen.set(home, [asked]);
      }
    }
  }
  const signals: CompiledSignal[] = [];
  const found: Outcome[] = [];
  let known = 0;
  for (const [pack, runbooks] of chosen) {
    const all =
      runbooks.length === pack.runbooks.size ? pack.judged : new Set(runbooks.flatMap((runbook) => runbook.signals));
    for (const asked of all) {
      const outcome = outcomes.get(asked.key) ?? unasked(asked.signal.id);
      if (outcome.reason !== 'not-applicable') {
        signals.push(asked);
        found.push(outcome);
        known += Number(outcome.state !== 'unknown');
      }
    }
  }
  return { signals, found, known };
}

function sentenceOf(
  state: Triage['state'],
  suspects: readonly Suspect[],
  candidates: readonly Candidate[],
  diagnoses: readonly RunbookDiagnosis[],
  problems: readonly RunbookDiagnosis[],
  whatWasNotSeen: () => string | undefined
): string {
  const unseen = state === 'problem' ? undefined : whatWasNotSeen();
  switch (state) {
    case 'nothing-wrong':
      return `Nothing is wrong: every symptom of ${diagnoses.length} runbooks was checked and is absent.${unseen === undefined ? '' : ` ${unseen}`}`;
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
        const open = problems.find(({ recovering }) => recovering !== true) ?? problems[0];
        return open?.sentence ?? 'Something is wrong.';
      }
      // "A or B" only when B is still a suspect of its own here, not a consequence of somebody.
      const rivals = main.diagnosis.leaders.filter((id) =>
        candidates.some(
          ({ all }, index) =>
            suspects[index]?.explainedBy === undefined &&
            all.some(({ diagnosis, ranked }) => diagnosis === main.diagnosis && ranked.id === id)
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

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
