/**
 * What was wrong until a moment ago. The engine keeps no memory: the answers of now tell when something became fine again, the
 * same plan is asked once as of just before, and what was likely then and is over now was true. Every reader that asks at the
 * same moment comes to the same answer, whatever it saw before.
 */
import { compiled } from '../compiled/compiled';
import { rangesOf } from '../wording/duration';
import type { BoundPack, OutcomeMap } from '../model/bound';
import type { RunbookDiagnosis, Suspect, Triage } from '../model/diagnosis';
import type { Reading } from '../model/outcome';
import type { Plan } from '../model/plan';
import type { Recovery, WasTrue } from '../model/recovery';

/** A recovery is told of for so long. */
const TOLD_MS = 30 * 60_000;
/** One round of the diagnostics service at its own pace: so long before a check was ok, the round before was in force. */
const ROUND_MS = 10_000;
/**
 * A fault leaves the checks that it touched one after the other, and seldom checks are asked late: those that became ok at
 * most this long after one another are one recovery.
 */
const TOGETHER_MS = 2 * 60_000;
/** What a service finds ok in its first minutes is what it finds at first, and nothing that recovered. */
const FIRST_LOOKS_MS = 2 * 60_000;

interface Look {
  readonly diagnoses: readonly RunbookDiagnosis[];
  readonly triage: Triage;
}

/**
 * The moment just before the latest recovery, from the answers of `now` (ms): before the checks that are ok and have been for
 * less than half an hour; without such, before what fades from the window of a runbook that recovers. Undefined when nothing
 * recovered; then nothing has to be asked.
 */
export function recoveryOf(
  bounds: readonly BoundPack[],
  plan: Plan,
  readings: ReadonlyMap<string, Reading>,
  diagnoses: readonly RunbookDiagnosis[],
  outcomes: OutcomeMap,
  now: number
): Recovery | undefined {
  return ofChecks(bounds, plan, readings, diagnoses, now) ?? ofWindows(plan, diagnoses, outcomes, now);
}

function ofChecks(
  bounds: readonly BoundPack[],
  plan: Plan,
  readings: ReadonlyMap<string, Reading>,
  diagnoses: readonly RunbookDiagnosis[],
  now: number
): Recovery | undefined {
  const checks = [...readings].flatMap(([query, reading]) =>
    reading.kind === 'check' && reading.check.since !== null
      ? [{ query, state: reading.check.state, since: reading.check.since }]
      : []
  );
  const lookedFrom = Math.min(...checks.map(({ since }) => since)) + FIRST_LOOKS_MS;
  // The few checks of one runbook may all have recovered together: there the past has to tell.
  const earliest = diagnoses.length === 1 ? 0 : lookedFrom;
  const judged = judgedBy(bounds, diagnoses);
  const signals = new Map(plan.queries.map((query) => [query.id, query.signals.filter((key) => judged.has(key))]));
  const recovered = checks.filter(
    ({ query, state, since }) =>
      state === 'ok' &&
      since <= now &&
      since >= Math.max(now - TOLD_MS, earliest) &&
      (signals.get(query)?.length ?? 0) > 0
  );
  if (recovered.length === 0) {
    return undefined;
  }
  const newestFirst = [...recovered].sort((a, b) => b.since - a.since);
  const gap = newestFirst.findIndex(({ since }, i) => since - (newestFirst[i + 1]?.since ?? -Infinity) > TOGETHER_MS);
  const together = newestFirst.slice(0, gap + 1);
  const last = Math.max(...together.map(({ since }) => since));
  return {
    at: toSecond(Math.min(...together.map(({ since }) => since)) - ROUND_MS),
    ended: new Map(
      together.flatMap(({ query, since }) => (signals.get(query) ?? []).map((key) => [key, since] as const))
    ),
    queries: together.map(({ query }) => query),
    certain: last >= lookedFrom,
  };
}

/** Keys of the symptoms and the evidence of the runbooks that were diagnosed. */
function judgedBy(bounds: readonly BoundPack[], diagnoses: readonly RunbookDiagnosis[]): ReadonlySet<string> {
  const packs = new Map(bounds.map(({ pack }) => [pack.id, compiled(pack)]));
  return new Set(
    diagnoses.flatMap(
      ({ pack, runbook }) =>
        packs
          .get(pack)
          ?.runbooks.get(runbook)
          ?.signals.map(({ key }) => key) ?? []
    )
  );
}

/**
 * What fades was there within its window and is not in its last part. Half a window ago it was most likely still there; in
 * steps of half a window, so that the moment stands still while the page is refreshed.
 */
function ofWindows(
  plan: Plan,
  diagnoses: readonly RunbookDiagnosis[],
  outcomes: OutcomeMap,
  now: number
): Recovery | undefined {
  const fading = new Set(
    diagnoses
      .filter(({ recovering }) => recovering === true)
      .flatMap(({ pack, symptoms }) => symptoms.map(({ signal }) => `${pack}/${signal}`))
      .filter((key) => outcomes.get(key)?.state === 'present')
  );
  const queries = plan.queries.filter(({ signals }) => signals.some((key) => fading.has(key)));
  const half = Math.max(0, ...queries.flatMap(({ expr }) => rangesOf(expr).map(({ ms }) => ms))) / 2;
  if (half === 0) {
    return undefined;
  }
  return {
    at: toSecond(Math.floor((now - half) / half) * half),
    ended: new Map(),
    queries: queries.map(({ id }) => id),
    certain: true,
  };
}

function toSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

/** Whether something recovered of which nothing was recorded (`then`: the readings as of `recovery.at`). */
export function isLost({ certain, queries }: Recovery, then: ReadonlyMap<string, Reading>): boolean {
  return certain && queries.every((query) => (then.get(query)?.kind ?? 'failure') === 'failure');
}

/**
 * The causes that were likely just before the recovery, explained by nothing stronger, and are over: no suspect now, and what
 * showed them is known to be gone, to fade, or not to be theirs. What cannot be checked now has not recovered.
 */
export function wasTrue(recovery: Recovery, then: Look, now: Look): WasTrue[] {
  const suspected = new Set(now.triage.suspects.map(({ identity }) => identity));
  return then.triage.suspects
    .filter(({ verdict, explainedBy, identity }) => verdict === 'likely' && !explainedBy && !suspected.has(identity))
    .flatMap((suspect) => {
      const before = diagnosisOf(then, suspect);
      const after = diagnosisOf(now, suspect);
      return before && after && isOver(suspect, before, after) ? [told(suspect, before, recovery)] : [];
    });
}

function diagnosisOf({ diagnoses }: Look, { pack, runbook }: Suspect): RunbookDiagnosis | undefined {
  return diagnoses.find((one) => one.pack === pack && one.runbook === runbook);
}

function isOver({ cause }: Suspect, before: RunbookDiagnosis, after: RunbookDiagnosis): boolean {
  if (after.recovering === true) {
    return true;
  }
  const shown = before.symptoms.filter(({ state }) => state === 'present').map(({ signal }) => signal);
  const still = after.symptoms.filter(({ signal, state }) => shown.includes(signal) && state !== 'absent');
  if (still.length === 0) {
    return true;
  }
  const verdict = after.causes.find(({ id }) => id === cause)?.verdict;
  return still.every(({ state }) => state === 'present') && (verdict === 'refuted' || verdict === 'unlikely');
}

function told(suspect: Suspect, before: RunbookDiagnosis, recovery: Recovery): WasTrue {
  const { pack, runbook, cause, alsoIn, title, says, since } = suspect;
  const evidence = before.causes.find(({ id }) => id === cause)?.supports ?? [];
  const shown = [...before.symptoms.filter(({ state }) => state === 'present'), ...evidence];
  const ends = shown.flatMap(({ signal }) => recovery.ended.get(`${pack}/${signal}`) ?? []);
  return {
    pack,
    runbook,
    cause,
    alsoIn: alsoIn.map((other) => ({ pack: other.pack, runbook: other.runbook, cause: other.cause })),
    title,
    says,
    ...(since === undefined ? {} : { from: since }),
    seen: recovery.at,
    ...(ends.length === 0 ? {} : { to: Math.max(...ends) }),
  };
}
