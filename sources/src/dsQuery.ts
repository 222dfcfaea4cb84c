/**
 * Prometheus and Loki, both through Grafana's `POST /api/ds/query`: one request holds many targets, and each target
 * answers for itself. One failing target turns the whole answer into HTTP 400, beside the good frames of the others.
 */
import type { PlannedQuery, Reading } from '@live-runbooks/engine';
import type { Answer, AskRequest } from './ask';
import { isoOf, safeDetail } from './detail';
import { failureReading, type Failure, type FailureReading, type Timing } from './failure';
import { readSamples, readSeries, type Parsed, type Sample, type Series } from './frames';
import { isObject, textOf } from './json';
import { isHtml } from './page';
import { refused, type Asking } from './refusal';

export interface DataSource extends Asking {
  readonly kind: 'prometheus' | 'loki';
  readonly uid: string;
}

/** What a plot gets: the series, or why there are none. Times are ms since the epoch. */
export type RangeReading =
  | { readonly kind: 'series'; readonly series: readonly Series[]; readonly askedAt: number; readonly tookMs: number }
  | FailureReading;

/** A source whose answer is this far from the asked instant has not answered the question. */
const FARTHEST_MS = 60_000;
/** The window before the instant. Instant queries ignore it; Grafana wants one. */
const WINDOW_MS = 300_000;
const SHORTEST_STEP_MS = 1_000;

/** Asks for one value of each query at `at` (ms). `to` is the exact instant of evaluation, also in the past. */
export function instantRequest(source: DataSource, queries: readonly PlannedQuery[], at: number): AskRequest {
  const kind = source.kind === 'prometheus' ? { instant: true, range: false } : { queryType: 'instant' };
  return {
    method: 'POST',
    url: '/api/ds/query',
    body: {
      from: String(Math.round(at) - WINDOW_MS),
      to: String(Math.round(at)),
      queries: queries.map((query) => target(source, query, { intervalMs: 15_000, maxDataPoints: 100, ...kind })),
    },
  };
}

/** Asks for a series of about `points` values between `from` and `to` (ms). */
export function rangeRequest(
  source: DataSource,
  query: PlannedQuery,
  { from, to, points }: { from: number; to: number; points: number }
): AskRequest {
  const step = Math.max(SHORTEST_STEP_MS, Math.ceil((to - from) / points));
  const kind = source.kind === 'prometheus' ? { instant: false, range: true } : { queryType: 'range' };
  return {
    method: 'POST',
    url: '/api/ds/query',
    body: {
      from: String(Math.round(from)),
      to: String(Math.round(to)),
      queries: [target(source, query, { intervalMs: step, maxDataPoints: points, ...kind })],
    },
  };
}

/** The reading of each query from one answer, in the order asked. Pure. */
export function readInstant(
  source: DataSource,
  queries: readonly PlannedQuery[],
  at: number,
  answer: Answer,
  timing: Timing
): ReadonlyMap<string, Reading> {
  return new Map(
    queries.map((query): [string, Reading] => {
      const read = readTarget(source, query, answer, readSamples);
      if (!read.ok) {
        return [query.id, failureReading(read.failure, timing)];
      }
      const stale = farthest(read.value, at);
      return stale === undefined
        ? [
            query.id,
            { kind: 'samples', samples: read.value.map(({ value, labels }) => ({ value, labels })), ...timing },
          ]
        : [query.id, failureReading(staleAnswer(source, at, stale), timing)];
    })
  );
}

/** The series of one query from the answer to `rangeRequest`. Pure. */
export function readRange(source: DataSource, query: PlannedQuery, answer: Answer, timing: Timing): RangeReading {
  const read = readTarget(source, query, answer, readSeries);
  return read.ok ? { kind: 'series', series: read.value, ...timing } : failureReading(read.failure, timing);
}

function target(source: DataSource, query: PlannedQuery, options: object) {
  return { refId: query.id, datasource: { type: source.kind, uid: source.uid }, expr: query.expr, ...options };
}

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

function readTarget<T>(
  source: DataSource,
  query: PlannedQuery,
  answer: Answer,
  parse: (frames: unknown) => Parsed<readonly T[]>
): Read<readonly T[]> {
  const results = isObject(answer.body) ? answer.body.results : undefined;
  if (isHtml(answer.body) || !isObject(results)) {
    return { ok: false, failure: refused(answer, source) };
  }
  const result = Object.hasOwn(results, query.id) ? results[query.id] : undefined;
  if (!isObject(result)) {
    return {
      ok: false,
      failure:
        answer.status >= 400
          ? refused(answer, source)
          : unreadable(source, 'the answer leaves this query out', answer.status),
    };
  }
  const status = typeof result.status === 'number' ? result.status : undefined;
  if ('error' in result || (status !== undefined && (status < 200 || status > 299))) {
    return { ok: false, failure: queryFailed(source, query, status, textOf(result.error) ?? silence(source, status)) };
  }
  // Loki says "no series" by leaving the frames out; only with an explicit 200 is that an answer.
  if (!('frames' in result) && status === 200) {
    return { ok: true, value: [] };
  }
  const parsed = parse(result.frames);
  return parsed.ok ? parsed : { ok: false, failure: unreadable(source, parsed.error, answer.status) };
}

function silence(source: DataSource, status: number | undefined): string {
  return `${source.name} did not answer this query${status === undefined ? '' : ` (HTTP ${status})`}, without an explanation`;
}

/** What the source itself said of one query, and what to do about it. */
function queryFailed(source: DataSource, query: PlannedQuery, status: number | undefined, error: string): Failure {
  const detail = safeDetail(error);
  const where = `the data source (uid “${source.uid}”) under Connections → Data sources`;
  if (status === 401 || status === 403) {
    return {
      reason: 'no-permission',
      detail,
      mend: `${source.name} refuses Grafana's credentials: correct them in ${where}.`,
    };
  }
  if (isUnreachable(error) || status === 502 || status === 504) {
    const late = status === 504 || /i\/o timeout/i.test(error);
    return {
      reason: late ? 'timeout' : 'query-error',
      detail,
      mend: `The data source (uid “${source.uid}”) cannot reach its ${source.name}${late ? ' within its time' : ''}: start it, or correct its URL under Connections → Data sources.`,
    };
  }
  if (status === 408 || /timed? ?out|deadline exceeded|context canceled/i.test(error)) {
    return {
      reason: 'timeout',
      detail,
      mend: `${source.name} gave up on this query: check its load, or shorten the window of ${signalsOf(query)}.`,
    };
  }
  if (TOO_LARGE.test(error)) {
    return {
      reason: 'query-error',
      detail,
      mend: `The query of ${signalsOf(query)} asks for more than ${source.name} allows: narrow its selector or shorten its window.`,
    };
  }
  if (status === 429 || /too many (?:outstanding )?requests|rate limit/i.test(error)) {
    return {
      reason: 'query-error',
      detail,
      mend: `${source.name} has more requests than it takes: wait a minute, then refresh; a longer refresh interval helps.`,
    };
  }
  const language = source.kind === 'prometheus' ? 'PromQL' : 'LogQL';
  return {
    reason: 'query-error',
    detail,
    mend: `Correct the ${language} of ${signalsOf(query)} or the parameters in it; ${source.name} refuses it.`,
  };
}

/** Limits of Prometheus (samples) and of Loki (series, streams, bytes, chunks, entries, time), whatever the status is. */
const TOO_LARGE =
  /too many (?:samples|bytes|series|streams)|maximum (?:number )?of (?:series|streams)|\bmax [\w ]*(?:limit|exceeded)|exceed(?:s|ed|ing)? the limit|larger than max/i;

/** What Go's network says when nobody answers; Grafana passes it on as the error of the query, under any status. */
function isUnreachable(error: string): boolean {
  return /connection refused|connection reset|no such host|no route to host|network is unreachable|dial tcp|bad gateway|\bEOF\b/i.test(
    error
  );
}

function unreadable(source: DataSource, error: string, status: number): Failure {
  return {
    reason: 'query-error',
    detail: safeDetail(`HTTP ${status}, but the answer cannot be read: ${error}`),
    mend: `Run the query in Explore on ${source.name} (uid “${source.uid}”): it has to answer one number per series. If it does there, check that Grafana is 12.2 or later.`,
  };
}

function staleAnswer(source: DataSource, at: number, time: number): Failure {
  return {
    reason: 'stale',
    detail: `asked for ${isoOf(at)}, answered for ${isoOf(time)}`,
    mend: `Check the clocks of ${source.name}, Grafana and whatever caches between them.`,
  };
}

/** The time of the sample that is farthest from `at`, when that is too far. */
function farthest(samples: readonly Sample[], at: number): number | undefined {
  let worst: number | undefined;
  for (const { time } of samples) {
    if (time !== undefined && !(Math.abs(time - at) <= FARTHEST_MS)) {
      worst = worst === undefined || Math.abs(time - at) > Math.abs(worst - at) ? time : worst;
    }
  }
  return worst;
}

function signalsOf(query: PlannedQuery): string {
  const [first, ...rest] = query.signals;
  return first === undefined ? `query ${query.id}` : rest.length === 0 ? first : `${first} (and ${rest.length} more)`;
}
