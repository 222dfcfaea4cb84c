/**
 * How a planned query is asked and read.
 *
 * One request per batch, all at once; each batch's readings are emitted when it arrives, so nothing waits for the
 * slowest. Every query of the plan gets exactly one reading: what could not be asked is a `failure` with a reason and a
 * way to mend it, and the stream itself never errors. Unsubscribing aborts what is under way.
 */
import { concatMap, defer, from, merge, mergeMap, Observable, of, share } from 'rxjs';
import type { EstateSettings, Plan, PlannedQuery, Reading, SeenRound, Unread } from '@live-runbooks/engine';
import {
  alertReading,
  alertsThen,
  FIRING_THEN,
  readAlerts,
  unreadAlerts,
  type Alerts,
  type AlertsReading,
} from './alerts';
import type { Answer, Ask, AskRequest } from './ask';
import { batchesOf } from './batches';
import { instantRequest, rangeRequest, readInstant, readRange, type DataSource, type RangeReading } from './dsQuery';
import { askWithin, type Asked } from './deadline';
import {
  diagnosticsRequest,
  isUnknownTarget,
  packsRequest,
  readRounds,
  seeRounds,
  targetsRequest,
  unaskable,
} from './diagnostics';
import { estateRequest, estateWrite, readEstate, type EstateAnswer, type EstateWritten } from './estate';
import { failureReading, type Failure, type Timing } from './failure';
import { readTargets, unhealthy, type SourceHealth } from './health';
import { NO_PACKS, readPacks, type ServedPacks } from './packs';
import { CONFIGURATION_PAGE, noAnswer, type Asking } from './refusal';

export interface SourceOptions {
  readonly ask: Ask;
  /** Uid of the data source; without it, its queries are `not-configured` and no request is made. */
  readonly prometheusUid?: string | undefined;
  readonly lokiUid?: string | undefined;
  /** False when no address of the diagnostics service is set: then it is `not-configured`, and no request is made. */
  readonly hasDiagnostics?: boolean;
  readonly pluginId: string;
  /** ms since the epoch. */
  readonly now: () => number;
  /** Deadline of each request; 10 s unless told. */
  readonly timeoutMs?: number;
}

export interface QueryReading {
  /** Id of the planned query. */
  readonly query: string;
  readonly reading: Reading;
}

/**
 * What an evaluation of everything learns beside its queries: whole rounds and all that fires, whether a signal asks for it
 * or not. Each part comes once; what could not be read is `unread`, and never fine.
 */
export type Beside =
  | { readonly beside: 'rounds'; readonly rounds: readonly SeenRound[]; readonly unread: readonly Unread[] }
  | ({ readonly beside: 'alerts'; readonly unread: readonly Unread[] } & Alerts);

export interface RequestCount {
  /** Requests sent since these sources were created. */
  readonly sent: number;
  readonly running: number;
}

export interface Sources {
  /**
   * Asks every query of the plan, and completes when each has its reading.
   * @param options.at Evaluate at this past time (ms) instead of now: Prometheus and Loki as of then, the diagnostics
   *   service with the rounds that it recorded. Readings keep the time at which they were asked, checks that of theirs.
   * @param options.everything Also tell every check of every target, and every alert that fires.
   * @param options.exact A moment of just now is asked as the past, too: else the service and the rules answer as of now.
   */
  evaluate(
    plan: Plan,
    options?: { readonly at?: number | undefined; readonly everything?: boolean; readonly exact?: boolean }
  ): Observable<QueryReading | Beside>;
  /** A series of about `points` values between `from` and `to` (ms) for a Prometheus or Loki query. Never rejects. */
  range(query: PlannedQuery, from: number, to: number, points: number, signal?: AbortSignal): Promise<RangeReading>;
  /** Asks each source, or each of `only`, for the least it can say. Never rejects. */
  health(signal?: AbortSignal, only?: ReadonlyArray<SourceHealth['source']>): Promise<readonly SourceHealth[]>;
  /** The packs of the diagnostics service; none where there is no service. Never rejects. */
  packs(signal?: AbortSignal): Promise<ServedPacks | Failure>;
  /** The estate that the diagnostics service keeps. Never rejects. */
  estate(signal?: AbortSignal): Promise<EstateAnswer>;
  /** Writes the estate as a whole over the version that was changed. Never rejects. */
  writeEstate(estate: EstateSettings, version: string): Promise<EstateWritten>;
  requests(): RequestCount;
}

const DEFAULT_TIMEOUT_MS = 10_000;
/** An `at` this close to now is now: it was taken from a clock a moment ago. */
const PRESENT_MS = 15_000;
const NAMES = { prometheus: 'Prometheus', loki: 'Loki' } as const;

export function createSources(options: SourceOptions): Sources {
  const { pluginId, now } = options;
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const service: Asking = {
    name: 'the diagnostics service',
    server: 'the diagnostics service',
    permission: `${pluginId}.diagnostics:read`,
    pluginId,
  };
  const hasDiagnostics = options.hasDiagnostics ?? true;
  const uids = { prometheus: options.prometheusUid, loki: options.lokiUid };
  let sent = 0;
  let running = 0;

  const counted: Ask = async (request, signal) => {
    sent++;
    running++;
    try {
      return await options.ask(request, signal);
    } finally {
      running--;
    }
  };

  /** Equal requests that are under way at the same time are one; it is aborted when nobody waits for it any more. */
  const underWay = new Map<string, Observable<Asked>>();
  const asked = (request: AskRequest): Observable<Asked> =>
    defer(() => {
      const key = JSON.stringify(request);
      const known = underWay.get(key);
      if (known) {
        return known;
      }
      const forget = () => {
        if (underWay.get(key) === fresh) {
          underWay.delete(key);
        }
      };
      const fresh: Observable<Asked> = new Observable<Asked>((subscriber) => {
        const controller = new AbortController();
        void askWithin(counted, request, timeoutMs, controller.signal).then((result) => {
          forget();
          subscriber.next(result);
          subscriber.complete();
        });
        return () => {
          forget();
          controller.abort();
        };
      }).pipe(share());
      underWay.set(key, fresh);
      return fresh;
    });

  const timed = (askedAt: number): Timing => ({ askedAt, tookMs: now() - askedAt });

  /** Asks, and reads the answer; when there is none, every query of the request fails for the same reason. */
  const readingsOf = (
    request: AskRequest,
    asking: Asking,
    queries: readonly PlannedQuery[],
    read: (answer: Answer, timing: Timing) => ReadonlyMap<string, Reading>
  ): Observable<QueryReading> =>
    defer(() => {
      const askedAt = now();
      return asked(request).pipe(
        concatMap((result) =>
          result.kind === 'answer'
            ? from(toldOf(read(result.answer, timed(askedAt))))
            : failed(queries, noAnswer(result, asking, timeoutMs), timed(askedAt))
        )
      );
    });

  const dataSource = (kind: DataSource['kind']): DataSource | undefined => {
    const uid = uids[kind];
    return uid
      ? { kind, name: NAMES[kind], server: NAMES[kind], permission: 'datasources:query', uid, pluginId }
      : undefined;
  };

  const notConfigured = (kind: DataSource['kind']): Failure => ({
    reason: 'not-configured',
    detail: `no ${NAMES[kind]} data source is chosen`,
    mend: `Choose the ${NAMES[kind]} data source on ${CONFIGURATION_PAGE}.`,
  });

  const evaluateBatch = (kind: DataSource['kind'], queries: readonly PlannedQuery[], at: number | undefined) =>
    defer(() => {
      const source = dataSource(kind);
      const instant = at ?? now();
      return source
        ? readingsOf(instantRequest(source, queries, instant), source, queries, (answer, timing) =>
            readInstant(source, queries, instant, answer, timing)
          )
        : failed(queries, notConfigured(kind), timed(now()));
    });

  /** @param at the past (ms); undefined is now */
  const evaluateTargets = (queries: readonly PlannedQuery[], at: number | undefined): Observable<QueryReading> => {
    const targets = [...new Set(queries.flatMap((query) => query.target ?? []))].sort();
    return defer(() => {
      const askedAt = now();
      return asked(diagnosticsRequest(pluginId, targets, at)).pipe(
        mergeMap((result) => {
          if (result.kind !== 'answer') {
            return failed(queries, noAnswer(result, service, timeoutMs), timed(askedAt));
          }
          // One mistyped target must not blind the others.
          if (targets.length > 1 && isUnknownTarget(result.answer)) {
            return merge(
              ...targets.map((target) =>
                evaluateTargets(
                  queries.filter((query) => query.target === target),
                  at
                )
              )
            );
          }
          const timing = timed(askedAt);
          return from(toldOf(readRounds(service, queries, at, result.answer, timing)));
        })
      );
    });
  };

  /** All targets in one request: it answers the queries, and tells every other check too. */
  const evaluateRounds = (
    queries: readonly PlannedQuery[],
    at: number | undefined
  ): Observable<QueryReading | Beside> =>
    defer(() => {
      const askedAt = now();
      return asked(diagnosticsRequest(pluginId, undefined, at)).pipe(
        mergeMap((result): Observable<QueryReading | Beside> => {
          if (result.kind !== 'answer') {
            const failure = noAnswer(result, service, timeoutMs);
            return merge(failed(queries, failure, timed(askedAt)), of(noRounds(service, failure)));
          }
          return from([
            ...toldOf(readRounds(service, queries, at, result.answer, timed(askedAt))),
            { beside: 'rounds' as const, ...seeRounds(service, at, result.answer) },
          ]);
        })
      );
    });

  const evaluateDiagnostics = (
    queries: readonly PlannedQuery[],
    at: number | undefined,
    everything: boolean
  ): Observable<QueryReading | Beside> => {
    if (!hasDiagnostics) {
      const none = failed(queries, NO_DIAGNOSTICS, timed(now()));
      return everything ? merge(none, of(noRounds(service, NO_DIAGNOSTICS))) : none;
    }
    const askable = queries.filter((query) => unaskable(query) === undefined);
    const rest = queries.flatMap((query) => {
      const failure = unaskable(query);
      return failure ? [{ query: query.id, reading: failureReading(failure, timed(now())) }] : [];
    });
    const rounds = everything
      ? evaluateRounds(askable, at)
      : askable.length === 0
        ? of()
        : evaluateTargets(askable, at);
    return merge(from(rest), rounds);
  };

  const evaluateAlerts = (queries: readonly PlannedQuery[], everything: boolean): Observable<QueryReading | Beside> => {
    if (queries.length === 0 && !everything) {
      return of();
    }
    return readAlerts({ pluginId, prometheusUid: uids.prometheus, lokiUid: uids.loki, timeoutMs, now, asked }).pipe(
      mergeMap((reading) => toldOfAlerts(queries, reading, everything))
    );
  };

  const askEstate = async (request: AskRequest, signal?: AbortSignal): Promise<EstateWritten> => {
    if (!hasDiagnostics) {
      return NO_ESTATE;
    }
    const result = await askWithin(counted, request, timeoutMs, signal);
    return result.kind === 'answer'
      ? readEstate(service, result.answer)
      : { kind: 'failure', ...noAnswer(result, service, timeoutMs) };
  };

  return {
    evaluate: (plan, { at, everything = false, exact = false } = {}) =>
      defer((): Observable<QueryReading | Beside> => {
        if (at !== undefined && !(at >= 0 && at <= now() + PRESENT_MS)) {
          return failed(plan.queries, NOT_A_TIME, timed(now()));
        }
        const past = at !== undefined && at < now() - (exact ? 0 : PRESENT_MS);
        const batches = batchesOf(plan);
        const asksAlertsThen = past && (everything || batches.alert.length > 0);
        const [first = [], ...more] = batches.prometheus;
        const prometheus = asksAlertsThen ? [[...first, FIRING_THEN], ...more] : batches.prometheus;
        /** What fired in the past comes with the first request to Prometheus. */
        const withAlertsThen = (told: Observable<QueryReading>): Observable<QueryReading | Beside> =>
          told.pipe(
            mergeMap((one) =>
              one.query === FIRING_THEN.id
                ? toldOfAlerts(batches.alert, alertsThen(one.reading, Boolean(uids.loki)), everything)
                : [one]
            )
          );
        return merge(
          ...prometheus.map((queries) => evaluateBatch('prometheus', queries, at)).map((told) => withAlertsThen(told)),
          ...batches.loki.map((queries) => evaluateBatch('loki', queries, at)),
          evaluateDiagnostics(batches.diagnostics, past ? at : undefined, everything),
          past ? of() : evaluateAlerts(batches.alert, everything)
        );
      }),

    range: async (query, start, end, points, signal) => {
      const askedAt = now();
      if (query.source !== 'prometheus' && query.source !== 'loki') {
        return failureReading(NO_SERIES_OVER_TIME, timed(askedAt));
      }
      if (!(Number.isFinite(start) && Number.isFinite(end) && start < end && points >= 1)) {
        return failureReading(NOT_A_TIME, timed(askedAt));
      }
      const source = dataSource(query.source);
      if (!source) {
        return failureReading(notConfigured(query.source), timed(askedAt));
      }
      const request = rangeRequest(source, query, { from: start, to: end, points: Math.ceil(points) });
      const result = await askWithin(counted, request, timeoutMs, signal);
      return result.kind === 'answer'
        ? readRange(source, query, result.answer, timed(askedAt))
        : failureReading(noAnswer(result, source, timeoutMs), timed(askedAt));
    },

    health: (signal, only = ['prometheus', 'loki', 'diagnostics']) => {
      const ofDataSource = async (kind: DataSource['kind']): Promise<SourceHealth> => {
        const askedAt = now();
        const source = dataSource(kind);
        if (!source) {
          return unhealthy(kind, notConfigured(kind), 0);
        }
        const result = await askWithin(counted, instantRequest(source, [PROBE], askedAt), timeoutMs, signal);
        if (result.kind !== 'answer') {
          return unhealthy(kind, noAnswer(result, source, timeoutMs), timed(askedAt).tookMs);
        }
        const timing = timed(askedAt);
        const reading = readInstant(source, [PROBE], askedAt, result.answer, timing).get(PROBE.id);
        if (reading?.kind === 'failure') {
          return unhealthy(kind, reading, timing.tookMs);
        }
        return reading?.kind === 'samples' && reading.samples[0]?.value === 1
          ? { source: kind, state: 'reachable', detail: 'answers', tookMs: timing.tookMs }
          : unhealthy(kind, WRONG_PROBE, timing.tookMs);
      };
      const ofService = async (): Promise<SourceHealth> => {
        if (!hasDiagnostics) {
          return unhealthy('diagnostics', NO_DIAGNOSTICS, 0);
        }
        const askedAt = now();
        const result = await askWithin(counted, targetsRequest(pluginId), timeoutMs, signal);
        const { tookMs } = timed(askedAt);
        return result.kind === 'answer'
          ? readTargets(service, result.answer, tookMs)
          : unhealthy('diagnostics', noAnswer(result, service, timeoutMs), tookMs);
      };
      return Promise.all(only.map((source) => (source === 'diagnostics' ? ofService() : ofDataSource(source))));
    },

    packs: async (signal) => {
      if (!hasDiagnostics) {
        return NO_PACKS;
      }
      const result = await askWithin(counted, packsRequest(pluginId), timeoutMs, signal);
      return result.kind === 'answer' ? readPacks(service, result.answer) : noAnswer(result, service, timeoutMs);
    },

    estate: async (signal) => {
      const told = await askEstate(estateRequest(pluginId), signal);
      return told.kind === 'changed' ? NO_ESTATE : told;
    },

    writeEstate: (estate, version) => askEstate(estateWrite(pluginId, estate, version)),

    requests: () => ({ sent, running }),
  };
}

/** PromQL and LogQL both know it, and it needs no data. */
const PROBE: PlannedQuery = { id: 'probe', source: 'prometheus', expr: 'vector(1)', cost: 0, signals: [] };

const WRONG_PROBE: Failure = {
  reason: 'query-error',
  detail: 'vector(1) did not answer 1',
  mend: 'Check that the data source is what its name says.',
};
const NO_ESTATE: EstateAnswer = { kind: 'none' };
const NO_DIAGNOSTICS: Failure = {
  reason: 'not-configured',
  detail: 'no diagnostics service is configured',
  mend: `Set the address of the diagnostics service on ${CONFIGURATION_PAGE}.`,
};
const NO_SERIES_OVER_TIME: Failure = {
  reason: 'not-applicable',
  detail: 'only Prometheus and Loki keep series over time',
  mend: 'Open the facts of this signal instead of a plot.',
};
const NOT_A_TIME: Failure = {
  reason: 'query-error',
  detail: 'the time asked for is not a past time',
  mend: 'Choose a time in the past, or now.',
};
function toldOf(readings: ReadonlyMap<string, Reading>): QueryReading[] {
  return [...readings].map(([query, reading]) => ({ query, reading }));
}

function toldOfAlerts(
  queries: readonly PlannedQuery[],
  reading: AlertsReading,
  everything: boolean
): Array<QueryReading | Beside> {
  const { alerts, problems, heard } = reading;
  return [
    ...queries.map((query) => ({ query: query.id, reading: alertReading(reading) })),
    ...(everything ? [{ beside: 'alerts' as const, alerts, problems, heard, unread: unreadAlerts(problems) }] : []),
  ];
}

function noRounds(service: Asking, failure: Failure): Beside {
  return { beside: 'rounds', rounds: [], unread: [{ what: service.name, ...failure }] };
}
function failed(queries: readonly PlannedQuery[], failure: Failure, timing: Timing): Observable<QueryReading> {
  return from(queries.map((query) => ({ query: query.id, reading: failureReading(failure, timing) })));
}
