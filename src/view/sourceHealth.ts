/** Whether each source answers, from what it was asked anyway: a probe would only cost another request. */
import type { Reading } from '@live-runbooks/engine';
import { unhealthy, type DiagnosticsTarget, type SourceHealth } from '@live-runbooks/sources';
import type { Evaluation, Question } from '../evaluation/evaluation';

type Source = SourceHealth['source'];

/** As far as the pages need it: rounds do not tell of what kind a target is. */
export type KnownHealth = Omit<SourceHealth, 'targets'> & {
  readonly targets?: ReadonlyArray<Pick<DiagnosticsTarget, 'id' | 'title'>>;
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
    return { source, state: 'reachable', detail: 'answers', tookMs: answer.tookMs };
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
    detail: targets.length === 1 ? '1 target' : `${targets.length} targets`,
    tookMs,
    targets,
  };
}

const NO_ANSWER = {
  reason: 'timeout',
  detail: 'there is no answer',
  mend: 'Refresh to ask again.',
} as const;
