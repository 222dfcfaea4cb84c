/** Readings and sources for tests. Times are ms. */
import { concat, from, NEVER, of, Subject, type Observable } from 'rxjs';
import type {
  CheckResult,
  Plan,
  PlannedQuery,
  Reading,
  Row,
  SeenRound,
  UnknownReason,
  Unread,
} from '@live-runbooks/engine';
import {
  NO_PACKS,
  type Alerts,
  type Beside,
  type QueryReading,
  type SourceHealth,
  type Sources,
} from '@live-runbooks/sources';

export const NOW = Date.UTC(2026, 10, 21, 10, 8, 12);

const TIMING = { askedAt: NOW, tookMs: 12 };

export const value = (n: number): Reading => ({ kind: 'samples', samples: [{ value: n, labels: {} }], ...TIMING });

export const failure = (reason: UnknownReason, detail = 'it said no', mend = `Mend the ${reason}`): Reading => ({
  kind: 'failure',
  reason,
  detail,
  mend,
  ...TIMING,
});

export const blockingCheck = (
  waiting = 0,
  roots: readonly Row[] = [],
  askedAt = NOW,
  since = waiting > 0 ? NOW - 380_000 : null
): CheckResult => ({
  id: 'postgres.blocking',
  title: 'Blocking',
  state: waiting > 0 ? 'critical' : 'ok',
  summary: `${waiting} sessions wait`,
  value: waiting,
  unit: 'short',
  threshold: { critical: 0 },
  fields: { waiting, roots: roots.length },
  rows: { roots, waiting: [] },
  since,
  ...TIMING,
  askedAt,
});

export const blocking = (...given: Parameters<typeof blockingCheck>): Reading => {
  const check = blockingCheck(...given);
  return { kind: 'check', check, ...TIMING, askedAt: check.askedAt };
};

export const idleRoot = { pid: 4711, application: 'worker-2', state: 'idle in transaction', idleSeconds: 380 };

/** What to answer to a planned query, as of `at` (now when absent); undefined is never. */
export type Answers = (query: PlannedQuery, at?: number) => Reading | undefined;

/** An estate in which a session idle in transaction blocks 14 others. */
export const lockedUp: Answers = (query) =>
  query.source === 'diagnostics'
    ? blocking(14, [idleRoot])
    : query.expr.startsWith('sum(rate')
      ? value(0.2)
      : query.source === 'loki'
        ? value(0)
        : value(0.3);

export const healthy: Answers = (query) => (query.source === 'diagnostics' ? blocking(0) : value(0));

/** Errors are still in the window, and none are in its last part; nobody waits for a lock. For `fadingPack`. */
export const fading: Answers = (query) =>
  query.source === 'prometheus' && query.expr.includes('[5m]') ? value(0.2) : healthy(query);

/** When the lock of `lockedUp` was let go, in `letGo`. */
export const LET_GO = NOW - 90_000;

/** The estate of `lockedUp` until `LET_GO`; nothing is wrong since. */
export const letGo: Answers = (query, at = NOW) =>
  at < LET_GO
    ? lockedUp(query)
    : query.source === 'diagnostics'
      ? blocking(0, [], NOW, query.check === 'postgres.blocking' ? LET_GO : LET_GO - 3_600_000)
      : value(0);

export const allUnknown: Answers = () => failure('timeout', 'no answer within 10 s', 'Check that it runs');

const REACHABLE: readonly SourceHealth[] = [
  { source: 'prometheus', state: 'reachable', detail: 'answers', tookMs: 3 },
  { source: 'loki', state: 'reachable', detail: 'answers', tookMs: 3 },
  {
    source: 'diagnostics',
    state: 'reachable',
    detail: '1 target',
    tookMs: 3,
    targets: [{ id: 'shop-postgres', kind: 'postgres', title: 'Shop Postgres' }],
  },
];

const NO_CHECKS: SeenRound = { target: 'shop-postgres', title: 'Shop Postgres', checks: [] };

/** Requests that the sources for tests count for an evaluation, whatever its plan. */
export const SENT_FOR_A_LOOK = 5;

export interface FakeSources extends Sources {
  readonly evaluated: Array<{ plan: Plan; at: number | undefined }>;
  /** The sources that were asked whether they answer. */
  readonly probed: ReadonlyArray<SourceHealth['source']>;
  /** Changes what is answered from the next evaluation on. */
  answerWith(answers: Answers): void;
}

export function fakeSources(given: {
  answers: Answers;
  /** Of probes. */
  health?: readonly SourceHealth[];
  /** Some source of alerts answered when `heard` is left out. */
  alerts?: Omit<Alerts, 'heard'> & { readonly heard?: boolean };
  rounds?: readonly SeenRound[];
  /** What could not be read beside the queries: of the alerts, and of the rounds. */
  unread?: readonly Unread[];
  unreadRounds?: readonly Unread[];
  /** Parts beside the queries that never arrive. */
  missing?: ReadonlyArray<Beside['beside']>;
}): FakeSources {
  const evaluated: FakeSources['evaluated'] = [];
  const probed: Array<SourceHealth['source']> = [];
  let { answers } = given;
  let sent = 0;
  return {
    evaluated,
    probed,
    answerWith: (next) => {
      answers = next;
    },
    evaluate: (plan, { at, everything } = {}) => {
      evaluated.push({ plan, at });
      sent += SENT_FOR_A_LOOK;
      const known = plan.queries.flatMap((q): QueryReading[] => {
        const reading = answers(q, at);
        return reading ? [{ query: q.id, reading }] : [];
      });
      const complete = known.length === plan.queries.length;
      const { missing = [], unread = [], alerts = { alerts: [], problems: [] } } = given;
      const beside: Beside[] = [
        { beside: 'rounds', rounds: given.rounds ?? [NO_CHECKS], unread: given.unreadRounds ?? [] },
        { beside: 'alerts', heard: true, ...alerts, unread },
      ];
      return concat(
        from([...known, ...beside.filter((part) => everything && !missing.includes(part.beside))]),
        complete && missing.length === 0 ? of() : NEVER
      );
    },
    range: () => Promise.resolve(failure('not-applicable') as Extract<Reading, { kind: 'failure' }>),
    health: (_signal, only) => {
      probed.push(...(only ?? []));
      return Promise.resolve((given.health ?? REACHABLE).filter(({ source }) => only?.includes(source) ?? true));
    },
    packs: () => Promise.resolve(NO_PACKS),
    estate: () => Promise.resolve({ kind: 'none' }),
    writeEstate: () => Promise.resolve({ kind: 'none' }),
    requests: () => ({ sent, running: 0 }),
  };
}

/** Sources whose answers a test gives one by one. */
export function steppedSources(): {
  evaluate: () => Observable<QueryReading>;
  requests: () => { sent: number };
  answers: Subject<QueryReading>;
  cancelled: () => boolean;
} {
  const answers = new Subject<QueryReading>();
  return { evaluate: () => answers, requests: () => ({ sent: 0 }), answers, cancelled: () => !answers.observed };
}
