/**
 * Rounds as a busy estate has them: the checks and fields that docs/checks.md names, with counters that move, rows
 * that come and go, texts of queries, and now and then an incident. Deterministic.
 */
import type { CheckResult, Row, Scalar } from '@live-runbooks/engine';
import type { Round } from '../../diagnostics/src/model/round';

type Random = () => number;

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Made {
  readonly value: number | null;
  readonly unit?: string;
  readonly fields?: Record<string, Scalar>;
  readonly rows?: Record<string, Row[]>;
  readonly state?: CheckResult['state'];
}

const QUERIES = [
  'SELECT e.id, e.workflow_id, e.status, e.started_at FROM executions e WHERE e.tenant_id = $1 AND e.status = $2 ORDER BY e.started_at DESC LIMIT $3',
  'UPDATE executions SET status = $1, finished_at = now() WHERE id = $2',
  'INSERT INTO step_executions (execution_id, node_id, status, input_data, started_at) VALUES ($1, $2, $3, $4, $5) RETURNING id',
  'SELECT w.id, w.name, w.definition FROM workflows w JOIN tenants t ON t.id = w.tenant_id WHERE t.slug = $1 AND w.deleted_at IS NULL',
  'SELECT count(*) FROM webhook_events WHERE processed = false AND received_at < now() - interval $1',
];
const APPLICATIONS = ['gorax-api', 'gorax-worker', 'sqlstudio-backend', 'psql', 'pgbouncer'];

/** Rounds of one Postgres target, one every `everyMs`; in trouble for a share of the time. */
export function* postgresRounds(target: string, from: number, everyMs: number, seed = 1): Generator<Round> {
  const random = randomFrom(seed);
  const between = (low: number, high: number) => Math.round((low + random() * (high - low)) * 1000) / 1000;
  const whole = (low: number, high: number) => Math.floor(between(low, high + 0.999));
  let deadlocks = 3;
  let trouble = 0;
  let since = from;
  for (let at = from; ; at += everyMs) {
    if (trouble === 0 && random() < everyMs / 7_200_000) {
      trouble = Math.ceil(600_000 / everyMs);
      since = at;
    }
    trouble = Math.max(0, trouble - 1);
    const blocked = trouble > 0;
    const total = whole(38, 46) + (blocked ? 20 : 0);
    const active = whole(1, 6) + (blocked ? 14 : 0);
    const byApplication = APPLICATIONS.map((application, index) => ({
      application,
      user: 'app',
      count: 8 + ((index * 3 + whole(0, 2)) % 9),
      active: whole(0, 2),
      idle: whole(4, 8),
      idleInTransaction: blocked && index === 1 ? 1 : 0,
      oldestIdleSeconds: between(1, 120),
      share: between(0.05, 0.4),
    }));
    deadlocks += random() < everyMs / 3_600_000 ? 1 : 0;
    const queued = Array.from({ length: blocked ? whole(10, 14) : 0 }, (_, index) => ({
      pid: 5000 + index,
      application: 'gorax-api',
      blockedBy: 4711,
      waitSeconds: between(1, 300),
      mode: 'RowExclusiveLock',
      query: QUERIES[1] ?? '',
    }));
    yield roundOf(
      'postgres',
      target,
      at,
      blocked ? 'critical' : 'ok',
      between(6, 22),
      [
        [
          'postgres.availability',
          'Postgres answers',
          { value: 1, fields: { up: true, class: 'ok', latencyMs: between(0.2, 1.4), held: true, message: null } },
        ],
        [
          'postgres.connections',
          'Connections against the limit',
          {
            value: Math.round((total / 97) * 1000) / 1000,
            unit: 'percentunit',
            fields: {
              total,
              max: 100,
              reserved: 3,
              usable: 97,
              usedRatio: Math.round((total / 97) * 1000) / 1000,
              active,
              idle: total - active,
              idleInTransaction: blocked ? 1 : 0,
              waiting: queued.length,
            },
            rows: {
              byState: [
                { state: 'active', count: active },
                { state: 'idle', count: total - active },
              ],
              byApplication,
              leakSuspects: [],
            },
          },
        ],
        [
          'postgres.blocking',
          'Sessions that wait for locks',
          {
            value: queued.length,
            state: blocked ? 'critical' : 'ok',
            fields: {
              waiting: queued.length,
              longestWaitSeconds: blocked ? between(10, 400) : 0,
              roots: blocked ? 1 : 0,
            },
            rows: {
              roots: blocked
                ? [
                    {
                      pid: 4711,
                      application: 'gorax-worker',
                      user: 'app',
                      database: 'gorax',
                      state: 'idle in transaction',
                      kind: 'client backend',
                      idleSeconds: between(10, 380),
                      transactionSeconds: between(10, 400),
                      waitingBehind: queued.length,
                      mode: 'RowExclusiveLock',
                      relation: 'executions',
                      query: QUERIES[1] ?? '',
                    },
                  ]
                : [],
              waiting: queued,
              queuedDdl: [],
            },
          },
        ],
        [
          'postgres.transactions',
          'Long and idle transactions',
          {
            value: between(0.01, 2),
            unit: 's',
            fields: {
              longestSeconds: between(0.01, 2),
              longestIdleSeconds: blocked ? between(10, 380) : 0,
              idleInTransaction: blocked ? 1 : 0,
              long: blocked ? 1 : 0,
            },
            rows: { idle: [], long: [] },
          },
        ],
        [
          'postgres.statements',
          'Slow statements',
          {
            value: blocked ? 2 : 0,
            fields: {
              slow: blocked ? 2 : 0,
              installed: true,
              resetAt: 1_760_000_000_000,
              longestRunningSeconds: between(0, 0.8),
            },
            rows: {
              slow: blocked
                ? QUERIES.slice(0, 2).map((query, index) => ({
                    queryId: `-88127381273812${index}`,
                    query,
                    calls: whole(10, 900),
                    callsPerSecond: between(0.1, 9),
                    meanMs: between(200, 900),
                    share: between(0.1, 0.5),
                  }))
                : [],
              running: Array.from({ length: whole(0, 2) }, (_, index) => ({
                pid: 5100 + index,
                application: 'gorax-api',
                user: 'app',
                runningSeconds: between(0.01, 0.5),
                waitEvent: null,
                query: QUERIES[index] ?? '',
              })),
            },
          },
        ],
        ['postgres.deadlocks', 'Deadlocks a minute', { value: 0, fields: { total: deadlocks, perMinute: 0 } }],
        [
          'postgres.dead_tuples',
          'Dead tuples',
          {
            value: 2,
            fields: { tables: 2 },
            rows: {
              tables: ['executions', 'step_executions'].map((table, index) => ({
                table,
                deadTuples: 12_000 * (index + 1) + whole(0, 40),
                deadRatio: between(0.1, 0.104),
                liveTuples: 110_000 + whole(0, 30),
                lastAutovacuum: 1_760_000_000_000,
                autovacuumOff: false,
              })),
            },
          },
        ],
        [
          'postgres.table_use',
          'Sequential scans that want an index',
          {
            value: 1,
            fields: { wantIndex: 1 },
            rows: {
              seqScans: [
                {
                  table: 'webhook_events',
                  scansPerSecond: between(0.4, 0.6),
                  rowsPerScan: 250_000,
                  rowsReadPerSecond: between(100_000, 140_000),
                  liveRows: 250_000,
                  sizeBytes: 41_943_040,
                },
              ],
            },
          },
        ],
        [
          'postgres.index_use',
          'Unused, duplicate and invalid indexes',
          {
            value: 3,
            fields: { unused: 2, duplicate: 1, invalid: 0 },
            rows: {
              unused: [
                { index: 'idx_executions_old', table: 'executions', sizeBytes: 9_000_000 },
                { index: 'idx_tmp', table: 'tenants', sizeBytes: 16_384 },
              ],
              duplicate: [{ index: 'workflows_tenant_idx2', table: 'workflows', of: 'workflows_tenant_idx' }],
              invalid: [],
            },
          },
        ],
        ['postgres.statistics', 'Stale statistics', { value: 0, fields: { stale: 0 }, rows: { stale: [] } }],
        [
          'postgres.prepared_transactions',
          'Prepared transactions',
          { value: 0, unit: 's', fields: { count: 0, longestSeconds: 0 }, rows: { transactions: [] } },
        ],
        [
          'postgres.settings',
          'Settings that endanger',
          { value: 0, fields: { maxConnections: 100, superuserReserved: 3, dangerous: 0 }, rows: { dangerous: [] } },
        ],
      ],
      since,
      random
    );
  }
}

/** Rounds of one Redis target. */
export function* redisRounds(target: string, from: number, everyMs: number, seed = 2): Generator<Round> {
  const random = randomFrom(seed);
  const between = (low: number, high: number) => Math.round((low + random() * (high - low)) * 1000) / 1000;
  const whole = (low: number, high: number) => Math.floor(between(low, high + 0.999));
  for (let at = from; ; at += everyMs) {
    const used = 41_000_000 + whole(0, 900_000);
    yield roundOf(
      'redis',
      target,
      at,
      'ok',
      between(1, 4),
      [
        [
          'redis.availability',
          'Redis answers',
          { value: 1, fields: { up: true, class: 'ok', latencyMs: between(0.1, 0.6), message: null } },
        ],
        [
          'redis.memory',
          'Memory against maxmemory',
          {
            value: used / 268_435_456,
            unit: 'percentunit',
            fields: {
              used,
              max: 268_435_456,
              usedRatio: used / 268_435_456,
              policy: 'noeviction',
              evictedPerSecond: 0,
              oomErrorsPerSecond: 0,
              fragmentationRatio: between(1.1, 1.3),
              fragmentationBytes: whole(4_000_000, 5_000_000),
            },
          },
        ],
        [
          'redis.clients',
          'Clients against maxclients',
          {
            value: 0.0014,
            unit: 'percentunit',
            fields: {
              connected: whole(12, 15),
              max: 10_000,
              usedRatio: 0.0014,
              blocked: whole(0, 4),
              rejectedPerSecond: 0,
              rejectedTotal: 0,
            },
          },
        ],
        [
          'redis.persistence',
          'Persistence',
          {
            value: 1,
            fields: {
              lastSaveOk: true,
              lastSaveAgeSeconds: whole(1, 900),
              aofOk: true,
              aofEnabled: true,
              loading: false,
              saving: false,
            },
          },
        ],
        [
          'redis.slowlog',
          'Slow commands',
          {
            value: 0,
            fields: { perMinute: 0, length: 7 },
            rows: {
              entries: Array.from({ length: 7 }, (_, index) => ({
                id: index,
                at: 1_760_000_000_000,
                micros: 12_000 + index,
                command: 'KEYS workflow:executions:*',
              })),
            },
          },
        ],
        [
          'redis.latency',
          'Latency',
          {
            value: between(0.1, 0.6),
            unit: 'ms',
            fields: { worstMs: between(0.1, 0.6), monitorThreshold: 100, pingMs: between(0.1, 0.6) },
            rows: { events: [] },
          },
        ],
        [
          'redis.lists',
          'Lengths of lists',
          {
            value: null,
            fields: { queue: whole(0, 25) },
            rows: {
              keys: [
                {
                  name: 'queue',
                  key: 'workflow:executions:queue',
                  type: 'list',
                  length: whole(0, 25),
                  threshold: 1000,
                },
              ],
            },
          },
        ],
      ],
      from,
      random
    );
  }
}

function roundOf(
  kind: Round['kind'],
  target: string,
  at: number,
  state: Round['state'],
  tookMs: number,
  checks: ReadonlyArray<readonly [id: string, title: string, made: Made]>,
  since: number,
  random: Random
): Round {
  return {
    target,
    kind,
    title: target,
    state,
    class: 'ok',
    startedAt: at,
    tookMs,
    starved: null,
    checks: checks.map(([id, title, made]): CheckResult => {
      const own = made.state ?? 'ok';
      return {
        id,
        title,
        state: own,
        summary: `${title}: ${made.value ?? 'no number'}${made.unit === undefined ? '' : ` ${made.unit}`}`,
        value: made.value,
        unit: made.unit ?? 'short',
        threshold: { warning: 1, critical: 5 },
        fields: made.fields ?? {},
        rows: made.rows ?? {},
        since: own === 'ok' ? null : since,
        askedAt: at + Math.floor(random() * 4),
        tookMs: Math.round(random() * 60) / 10,
        ...(own === 'ok'
          ? {}
          : { mend: 'End the session that holds the lock, or cancel the statement that waits in front.' }),
      };
    }),
  };
}
