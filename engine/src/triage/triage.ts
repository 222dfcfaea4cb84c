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
import { accountedFor, type Accounts } from './accounted';
import { addTo } from '../addTo';
import { isBlindness } from '../judging/blindness';
import { compareText } from '../compareText';
import { compiled } from '../compiled/compiled';
import { unasked } from '../compiled/unasked';
import type { CompiledPack, CompiledRunbook, CompiledSignal } from '../compiled/model';
import { greedyCover } from './cover';
import { explainEdges } from './downstream';
import { notChecked } from '../wording/facts';
import { findingsOf, unreadOf } from './findings';
import { heardAround, heardAt } from './heard';
import { failedBeyond, limitOf, type Limit } from './limit';
import { placeOf, type Place } from '../estate/place';
import { Surroundings } from '../estate/surroundings';
import { Travel } from '../estate/travel';
import type { BoundPack, OutcomeMap } from '../model/bound';
import type { Finding, RunbookDiagnosis, Suspect, Triage } from '../model/diagnosis';
import type { Estate } from '../model/estate';
import type { Outcome } from '../model/outcome';
import type { Fading } from '../model/recovery';
import type { Seen, Unread } from '../model/seen';
import { PresentSymptoms } from './presentSymptoms';
import { strangersAmong, strangersWords } from './strangers';
import { gatherSuspects, tier, type Candidate } from './suspects';
import { withoutReason } from './withoutReason';
import { triageHeadline } from './triageHeadline';

/** Below this share of known symptoms, silence means nothing. */
const SYMPTOM_FLOOR = 1 / 2;

/**
 * Ranks the suspects of all diagnoses. Symptoms of runbooks without a suspect are `unexplained`, unless a suspect of
 * another runbook names that runbook as downstream. What else is red (`seen`: every check, every alert that fires; and signals
 * that mean trouble by themselves) is a finding unless a likely suspect accounts for it. Over the arrows of `estate`, whose components
 * are bound packs by their id, a likely cause explains what its effects reach. What fades after a cause that is over (`fading`) is
 * explained by that: nobody is accused of it who is not likely. What is unknown of a component that nobody adopted keeps no verdict
 * about the rest. `now` is in ms.
 */
export function triage(
  bounds: readonly BoundPack[],
  diagnoses: readonly RunbookDiagnosis[],
  outcomes: OutcomeMap,
  now: number,
  seen?: Seen,
  estate?: Estate,
  fading: readonly Fading[] = []
): Triage {
  const ordered = [...diagnoses].sort((a, b) => compareText(a.pack, b.pack) || compareText(a.runbook, b.runbook));
  const problems = ordered.filter(({ state }) => state === 'problem');
  const present = new PresentSymptoms(bounds, problems);
  const hasArrows = estate !== undefined || bounds.some(({ pack }) => pack.arrows !== undefined);
  const travel = hasArrows && problems.length > 0 ? new Travel(bounds, outcomes, estate) : undefined;
  const accused = gatherSuspects(bounds, present, travel);
  const candidates = travel === undefined ? accused : withoutReason(bounds, present, accused, travel);
  const explainers = explainEdges(candidates);
  const overOf = (diagnosis: RunbookDiagnosis) =>
    fading.find(({ runbooks }) => runbooks.has(`${diagnosis.pack}/${diagnosis.runbook}`));
  const over = new Map<Candidate, Fading>();
  for (const candidate of candidates) {
    const found = candidate.all.map(({ diagnosis }) => overOf(diagnosis));
    if (tier(candidate.main.ranked) > 0 && found[0] !== undefined && found.every((one) => one !== undefined)) {
      over.set(candidate, found[0]);
    }
  }
  const isExplained = (candidate: Candidate) => explainers.has(candidate) || over.has(candidate);
  const inOrder = [
    ...candidates.filter((candidate) => !isExplained(candidate)),
    ...candidates.filter((candidate) => isExplained(candidate)),
  ];
  const behind = behindEach(inOrder, explainers);
  const around = new Surroundings(bounds, estate);
  const suspects = inOrder.map((candidate) => {
    const explainer = explainers.get(candidate);
    const heard = !isExplained(candidate) ? heardAt(around, placeOfCandidate(candidate, around), outcomes) : undefined;
    return toSuspect(candidate, explainer, behind.get(candidate) ?? [], heard, over.get(candidate));
  });
  const reach = reachOf(candidates, explainers);
  const cover = greedyCover(
    inOrder.filter((candidate) => !over.has(candidate)),
    reach,
    present.keys()
  );
  const red = redBeside(
    bounds,
    ordered,
    outcomes,
    seen,
    once(() => accountedFor(bounds, candidates, explainers))
  );
  const strangers = strangersAmong(ordered, estate);
  const own = ordered.filter(({ pack }) => !strangers.has(pack));
  const { signals, found, known, failed } = checkedSignals(bounds, own, outcomes);
  const limit = limitOf(signals, found, red.unread);
  const symptoms = stateOf(
    ordered.filter(({ pack, state }) => state === 'problem' || !strangers.has(pack)),
    limit
  );
  const state = stateBeside(symptoms, red, failed, limit);
  const counts = { known, total: found.length };
  const unseen = symptoms === 'problem' || known === found.length ? undefined : unseenWords(signals, found, limit);
  const headline = triageHeadline({
    state,
    suspects,
    candidates: inOrder,
    diagnoses: ordered,
    ...red,
    signals: counts,
    unseen,
    limit,
    fading: overOf,
    heard: (diagnosis) => heardAround(diagnosis, outcomes, around),
    strangers: strangersWords(strangers, estate, ordered),
  });
  const recovering = headline.verdict === 'recovering';
  return {
    state,
    ...(recovering ? { recovering } : {}),
    suspects,
    cover: cover.map(({ home }) => ({ runbook: home.diagnosis.runbook, cause: home.cause.id })),
    unexplained: unexplained(
      problems.filter((diagnosis) => overOf(diagnosis) === undefined),
      present,
      reach
    ),
    findings: red.findings,
    unread: red.unread,
    headline,
    sentence: headline.notChecked === undefined ? headline.sentence : `${headline.sentence} ${headline.notChecked}`,
    signals: counts,
    at: now,
  };
}

interface Red {
  readonly findings: readonly Finding[];
  readonly unread: readonly Unread[];
}

/** What is red or unread beside the symptoms. What the suspects account for is only worked out when something may be red. */
function redBeside(
  bounds: readonly BoundPack[],
  diagnoses: readonly RunbookDiagnosis[],
  outcomes: OutcomeMap,
  seen: Seen | undefined,
  accounted: () => Accounts
): Red {
  return {
    findings: findingsOf(bounds, diagnoses, outcomes, seen, (...red) => accounted()(...red)),
    unread: seen === undefined ? [] : unreadOf(bounds, seen),
  };
}

/** Worked out at the first call. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** What is not checked and not within the limit, which has its own sentence. */
function unseenWords(
  signals: readonly CompiledSignal[],
  found: readonly Outcome[],
  limit: Limit | undefined
): string | undefined {
  if (limit === undefined) {
    return notChecked(signals, found);
  }
  const within = signals.map(({ key }) => limit.signals.has(key));
  const isBeyond = (_: unknown, index: number) => within[index] !== true;
  return notChecked(signals.filter(isBeyond), found.filter(isBeyond));
}

/**
 * Never green beside red, and not green beside what could not be read, or beside a limit. A source may answer for its rules, or
 * for its health, and fail where it is asked: each `failed` signal might have been red.
 */
function stateBeside(
  symptoms: Triage['state'],
  { findings, unread }: Red,
  failed: boolean,
  limit: Limit | undefined
): Triage['state'] {
  if (symptoms === 'problem' || findings.some(({ severity }) => severity === 'critical')) {
    return 'problem';
  }
  if (findings.length > 0) {
    return 'warning';
  }
  if (symptoms !== 'nothing-wrong') {
    return symptoms;
  }
  return failed || failedBeyond(limit, unread).length > 0
    ? 'nothing-wrong-found'
    : limit === undefined
      ? symptoms
      : 'no-known-problem';
}

/** What each suspect explains: suspects behind it, and runbooks with a problem for which nobody else was found. */
function behindEach(
  ranked: readonly Candidate[],
  explainers: ReadonlyMap<Candidate, Candidate>
): Map<Candidate, Array<Suspect['explains'][number]>> {
  const findings = new Map<Candidate, Array<Suspect['explains'][number]>>(ranked.map((candidate) => [candidate, []]));
  const withSuspect = new Set(ranked.flatMap(({ all }) => all.map(({ diagnosis }) => diagnosis)));
  for (const candidate of ranked) {
    const explainer = explainers.get(candidate);
    if (explainer) {
      findings.get(explainer)?.push({
        pack: candidate.home.diagnosis.pack,
        runbook: candidate.home.diagnosis.runbook,
        title: candidate.main.ranked.title,
      });
    }
  }
  for (const candidate of ranked) {
    for (const diagnosis of candidate.downstream) {
      if (!withSuspect.has(diagnosis)) {
        findings.get(candidate)?.push({ pack: diagnosis.pack, runbook: diagnosis.runbook, title: diagnosis.title });
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

/** The component at which a suspect is. */
function placeOfCandidate({ main: { cause, diagnosis } }: Candidate, around: Surroundings): Place {
  const pack = around.packOf(diagnosis.pack);
  return pack === undefined
    ? { pack: diagnosis.pack }
    : placeOf(pack, compiled(pack).runbooks.get(diagnosis.runbook)?.runbook, cause);
}

function toSuspect(
  { main, home, all }: Candidate,
  explainer: Candidate | undefined,
  explains: Suspect['explains'],
  heard: string | undefined,
  over: Fading | undefined
): Suspect {
  const { diagnosis, ranked } = main;
  const { against } = ranked;
  const { notChecked: blind } = diagnosis;
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
    ...(blind === undefined ? {} : { notChecked: blind }),
    ...(since === undefined ? {} : { since }),
    explains,
    ...(explainer === undefined
      ? over === undefined
        ? {}
        : { explainedBy: { pack: over.pack, runbook: over.runbook, cause: over.cause, over: over.title } }
      : {
          explainedBy: {
            pack: explainer.home.diagnosis.pack,
            runbook: explainer.home.diagnosis.runbook,
            cause: explainer.home.ranked.id,
          },
        }),
    ...(diagnosis.leaders.includes(ranked.id) && diagnosis.nextCheck !== undefined
      ? { nextCheck: diagnosis.nextCheck }
      : {}),
    ...(heard === undefined ? {} : { heard }),
  };
}

function unexplained(
  problems: readonly RunbookDiagnosis[],
  present: PresentSymptoms,
  reach: ReadonlyMap<Candidate, ReadonlySet<string>>
): Triage['unexplained'] {
  const covered = new Set<string>();
  reach.forEach((symptoms) => symptoms.forEach((symptom) => covered.add(symptom)));
  return problems.flatMap((diagnosis) =>
    diagnosis.recovering === true
      ? []
      : present
          .at(diagnosis)
          .filter(({ key }) => !covered.has(key))
          .map(({ signal }) => ({ runbook: diagnosis.runbook, signal }))
  );
}

/** What the symptoms say. Those within the limit are nobody's to know, as long as others are known. */
function stateOf(diagnoses: readonly RunbookDiagnosis[], limit: Limit | undefined): Triage['state'] {
  if (diagnoses.some(({ state }) => state === 'problem')) {
    return 'problem';
  }
  const isQuiet = ({ pack, state, symptoms }: RunbookDiagnosis) =>
    state === 'healthy' ||
    (limit !== undefined &&
      symptoms.every((outcome) => outcome.state === 'absent' || limit.signals.has(`${pack}/${outcome.signal}`)));
  if (diagnoses.some(({ state }) => state === 'healthy') && diagnoses.every(isQuiet)) {
    return 'nothing-wrong';
  }
  const symptoms = new Map<string, Outcome>();
  diagnoses.forEach(({ pack, symptoms: list }) =>
    list.forEach((outcome) => symptoms.set(`${pack}/${outcome.signal}`, outcome))
  );
  const known = [...symptoms.values()].filter(({ state }) => state !== 'unknown').length;
  return symptoms.size > 0 && known / symptoms.size >= SYMPTOM_FLOOR ? 'nothing-wrong-found' : 'cannot-assess';
}

/** Every signal of the diagnosed runbooks once, those that do not apply left out, its outcome, and whether asking one of them failed. */
function checkedSignals(
  bounds: readonly BoundPack[],
  diagnoses: readonly RunbookDiagnosis[],
  outcomes: OutcomeMap
): { signals: CompiledSignal[]; found: Outcome[]; known: number; failed: boolean } {
  const packs = new Map(bounds.map((bound) => [bound.pack.id, compiled(bound.pack)]));
  const chosen = new Map<CompiledPack, CompiledRunbook[]>();
  for (const { pack, runbook } of diagnoses) {
    const home = packs.get(pack);
    const asked = home?.runbooks.get(runbook);
    if (home !== undefined && asked !== undefined) {
      addTo(chosen, home, asked);
    }
  }
  const signals: CompiledSignal[] = [];
  const found: Outcome[] = [];
  let known = 0;
  let failed = false;
  for (const [pack, runbooks] of chosen) {
    const all =
      runbooks.length === pack.runbooks.size ? pack.judged : new Set(runbooks.flatMap((runbook) => runbook.signals));
    for (const asked of all) {
      const outcome = outcomes.get(asked.key) ?? unasked(asked.signal.id);
      if (outcome.reason !== 'not-applicable') {
        signals.push(asked);
        found.push(outcome);
        known += Number(outcome.state !== 'unknown');
        failed ||= outcome.state === 'unknown' && isBlindness(outcome.reason);
      }
    }
  }
  return { signals, found, known, failed };
}
