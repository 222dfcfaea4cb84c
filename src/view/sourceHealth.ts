/** Whether each source answers, from what it was asked anyway: a probe would only cost another request. */
import { isBlindness, type Reading } from '@live-runbooks/engine';
import { countedTargets, unhealthy, type DiagnosticsTarget, type SourceHealth } from '@live-runbooks/sources';
import { count } from '../words/amounts';
import { NO_ANSWER, type Evaluation, type Question } from '../evaluation/evaluation';

type Source = SourceHealth['source'];

/** As far as the pages need it: rounds do not tell of what kind a target is. */
export type KnownHealth = Omit<SourceHealth, 'targets'> & {
  readonly targets?: ReadonlyArray<Pick<DiagnosticsTarget, 'id' | 'title'>>;
  /** It answers, and not everything that it was asked: `detail` says how much failed and why. */
  readonly partly?: true;
};

const SOURCES: readonly Source[] = ['prometheus', 'loki', 'diagnostics'];

/**
 * The sources that the answers to the question say nothing of. Answers of the past do not tell how a source does now; only a
 * look at everything names the targets of the diagnostics service.
 */
export function unaskedSources(question: Question | undefined): readonly Source[] {
  if (question === undefined) {
    return [];
  }
  const asked = new Set<Source>(question.everything ? ['diagnostics'] : []);
  for (const { source } of question.plan.queries) {
    if (source === 'prometheus' || source === 'loki') {
      asked.add(source);
    }
  }
  return question.at === undefined ? SOURCES.filter((source) => !asked.has(source)) : SOURCES;
}

/** All sources, from the answers and from what was probed; undefined while one of them is awaited. */
export function sourceHealth(
  question: Question | undefined,
  evaluation: Evaluation | undefined,
  probed: readonly KnownHealth[] | undefined
): readonly KnownHealth[] | undefined {
  if (!question || !evaluation || !probed) {
    return undefined;
  }
  const unasked = unaskedSources(question);
  const all = SOURCES.map((source) =>
    unasked.includes(source)
      ? probed.find((one) => one.source === source)
      : source === 'diagnostics'
        ? ofRounds(evaluation)
        : ofReadings(source, question, evaluation)
  );
  return all.every((one) => one !== undefined) ? all : undefined;
}

function ofReadings(
  source: 'prometheus' | 'loki',
  { plan }: Question,
  { readings }: Evaluation
): KnownHealth | undefined {
  const queries = plan.queries.filter((query) => query.source === source);
  const given = queries.flatMap(({ id }) => readings.get(id) ?? []);
  const answer = given.find(isAnswer);
  if (answer !== undefined) {
    const { tookMs } = answer;
    const failed = given.flatMap((reading) => (isRefusal(reading) ? [reading] : []));
    return {
      source,
      state: 'reachable',
      tookMs,
      ...partly(failed, `${failed.length} of ${queries.length} queries failed`, 'answers'),
    };
  }
  const [failure] = given.filter((reading) => reading.kind === 'failure');
  return given.length < queries.length || failure === undefined
    ? undefined
    : unhealthy(source, failure, failure.tookMs);
}

/** A source that has nothing to show has answered. */
function isAnswer(reading: Reading): boolean {
  return reading.kind !== 'failure' || reading.reason === 'no-series' || reading.reason === 'stale';
}

type Refusal = Extract<Reading, { kind: 'failure' }>;

/** What nobody set up, or what does not apply, did not fail. */
function isRefusal(reading: Reading): reading is Refusal {
  return !isAnswer(reading) && reading.kind === 'failure' && isBlindness(reading.reason);
}

/** `3 of 40 queries failed: no answer in time`, with the mend of the first; or what to say when nothing failed. */
function partly(
  failed: ReadonlyArray<Pick<Refusal, 'detail' | 'mend'>>,
  says: string,
  otherwise: string
): Pick<KnownHealth, 'detail' | 'mend' | 'partly'> {
  const [first] = failed;
  return first === undefined
    ? { detail: otherwise }
    : { detail: `${says}: ${first.detail}`, mend: first.mend, partly: true };
}

function ofRounds({ beside: { rounds }, progress }: Evaluation): KnownHealth | undefined {
  const tookMs = progress.tookMs;
  if (rounds === undefined) {
    return progress.done ? unhealthy('diagnostics', NO_ANSWER, tookMs) : undefined;
  }
  const [unread] = rounds.unread;
  if (rounds.rounds.length === 0 && unread !== undefined) {
    return unhealthy('diagnostics', unread, tookMs);
  }
  const targets = rounds.rounds.map(({ target, title }) => ({ id: target, title }));
  return {
    source: 'diagnostics',
    state: 'reachable',
    tookMs,
    targets,
    ...partly(
      rounds.unread,
      `${count(rounds.unread.length, 'answer')} could not be read`,
      countedTargets(targets.length)
    ),
  };
}
