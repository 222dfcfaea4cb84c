/** A small pack for tests: one runbook with two look-alikes that a third signal tells apart, and one quiet runbook. */
import type { Cause, Evidence, Pack, Signal } from '@live-runbooks/engine';

const signal = (id: string, title: string, rest: Pick<Signal, 'query' | 'test'> & Partial<Signal>): Signal => ({
  id,
  title,
  unit: 'short',
  empty: 'unknown',
  maxAge: 300,
  requires: [],
  cost: 1,
  mend: {},
  ...rest,
});

const evidence = (id: string, present: Evidence['present'], absent: Evidence['absent'], says?: string): Evidence => ({
  signal: id,
  present,
  absent,
  ...(says ? { says } : {}),
});

const FOR = {
  decisive: { band: 'decisive', sign: 1 },
  strong: { band: 'strong', sign: 1 },
  none: { band: 'none', sign: 1 },
} as const;
const NOT = { decisive: { band: 'decisive', sign: -1 }, strong: { band: 'strong', sign: -1 } } as const;

export function testPack(change: Partial<Pack> = {}): Pack {
  return {
    id: 'shop',
    title: 'Shop',
    description: 'A shop',
    format: 1,
    params: {
      postgres: { title: 'Postgres target', kind: 'value', default: 'shop-postgres', required: true },
      window: { title: 'Rate window', kind: 'duration', default: '5m', required: true },
    },
    signals: {
      'error-ratio': signal('error-ratio', 'Share of failed requests', {
        query: { source: 'prometheus', expr: 'sum(rate(errors_total[{{window}}]))' },
        test: { above: 0.01, critical: 0.05 },
        unit: 'percentunit',
      }),
      'lock-waiters': signal('lock-waiters', 'Sessions waiting for a lock', {
        query: {
          source: 'diagnostics',
          check: 'postgres.blocking',
          target: '{{postgres}}',
          read: { field: 'waiting' },
        },
        test: { above: 0, critical: 5 },
      }),
      'idle-blocker': signal('idle-blocker', 'The root blocker is idle in transaction', {
        query: {
          source: 'diagnostics',
          check: 'postgres.blocking',
          target: '{{postgres}}',
          read: { rows: 'roots', where: { state: { is: 'idle in transaction' } } },
        },
        test: { above: 0 },
      }),
      'disk-full': signal('disk-full', 'The disk is full', {
        query: { source: 'prometheus', expr: 'disk_used_ratio' },
        test: { above: 0.9 },
        unit: 'percentunit',
      }),
      'panic-lines': signal('panic-lines', 'Panics in the log', {
        query: { source: 'loki', expr: 'sum(count_over_time({app="shop"} |= "panic" [{{window}}]))' },
        test: { above: 0 },
      }),
    },
    runbooks: [
      {
        id: 'locks',
        pack: 'shop',
        title: 'Lock contention',
        summary: 'Sessions wait for locks that others hold',
        covers: ['G18'],
        area: 'database',
        service: 'shop',
        severity: 'critical',
        alerts: ['LockWaits'],
        symptoms: ['lock-waiters', 'error-ratio'],
        causes: [
          {
            id: 'idle-holder',
            identity: 'shop/locks/idle-holder',
            title: 'A session idle in transaction holds the lock',
            says: 'Session {{idle-blocker.pid}} ({{idle-blocker.application}}) is idle in transaction and {{lock-waiters | count}} sessions wait behind it.',
            prior: 'common',
            evidence: [
              evidence(
                'idle-blocker',
                FOR.decisive,
                NOT.decisive,
                'The root blocker {{idle-blocker.pid}} is idle in transaction'
              ),
              evidence('lock-waiters', FOR.strong, NOT.decisive),
            ],
            explains: [],
            lookAlikes: [{ cause: 'crash', differs: 'a crash leaves no session behind' }],
            dont: ['Do not restart the API first'],
            fixes: ['terminate'],
          },
          {
            id: 'crash',
            identity: 'shop/locks/crash',
            title: 'The API crashes',
            says: 'The log holds {{panic-lines | count}} panics.',
            prior: 'usual',
            evidence: [
              evidence('panic-lines', FOR.strong, NOT.decisive),
              evidence('error-ratio', FOR.none, NOT.strong),
            ],
            explains: [],
            lookAlikes: [],
            dont: [],
            fixes: [],
          },
        ],
        fixes: {
          terminate: {
            id: 'terminate',
            title: 'End the blocking session',
            kind: 'mitigate',
            risk: 'reversible',
            language: 'sql',
            command: 'SELECT pg_terminate_backend({{idle-blocker.pid}});',
            inputs: {},
            when: ['idle-blocker'],
            unless: [],
            soonest: 2,
            takes: 0,
            reach: 'ends 1 session of {{idle-blocker.application}}',
            rollback: 'none needed',
            verify: {
              signal: 'lock-waiters',
              becomes: 'absent',
              within: 60,
              hold: 30,
              says: 'no session waits for a lock',
            },
          },
        },
        prevention: [
          {
            alert: 'LockWaits',
            signal: 'lock-waiters',
            for: '2m',
            severity: 'critical',
            summary: 'Sessions wait',
            description: 'Sessions wait for a lock',
          },
        ],
        corrections: [
          { guide: 'Restart the database', instead: 'End the root blocker', why: 'A restart cuts off everybody' },
        ],
        escalate: 'Call the database team.',
        tests: [],
      },
      {
        id: 'disk',
        pack: 'shop',
        title: 'Disk full',
        summary: 'The disk fills up',
        covers: ['G19'],
        area: 'host',
        service: 'shop',
        severity: 'warning',
        alerts: ['DiskFull'],
        symptoms: ['disk-full'],
        causes: [
          {
            id: 'logs',
            identity: 'shop/disk/logs',
            title: 'Logs fill the disk',
            says: 'The disk is {{disk-full | percent}} full.',
            prior: 'usual',
            evidence: [evidence('disk-full', FOR.strong, NOT.decisive)],
            explains: [],
            lookAlikes: [],
            dont: [],
            fixes: [],
          },
        ],
        fixes: {},
        prevention: [],
        corrections: [],
        escalate: '',
        tests: [],
      },
    ],
    ...change,
  };
}

/** The same pack, where a second signal tells whether the errors are over in the last part of their window. */
export function fadingPack(): Pack {
  const pack = testPack();
  const errors = pack.signals['error-ratio'];
  if (!errors) {
    throw new Error('the pack for tests has lost its signal error-ratio');
  }
  return {
    ...pack,
    signals: {
      ...pack.signals,
      'error-ratio': { ...errors, recent: 'error-ratio-now' },
      'error-ratio-now': {
        ...errors,
        id: 'error-ratio-now',
        query: { source: 'prometheus', expr: 'sum(rate(errors_total[30s]))' },
      },
    },
  };
}

/** The same pack, which also reads a check that nothing happens to: it shows how long the service has been looking. */
export function watchedPack(): Pack {
  const pack = testPack();
  const query = {
    source: 'diagnostics',
    check: 'postgres.transactions',
    target: '{{postgres}}',
    read: { field: 'waiting' },
  } as const;
  const long = signal('long-transactions', 'Long transactions', { query, test: { above: 0 } });
  return { ...pack, signals: { ...pack.signals, 'long-transactions': long } };
}

/** The same pack with one runbook, in which two causes are equally sure until the log is read. */
export function tiedPack(): Pack {
  const pack = testPack();
  const [locks] = pack.runbooks;
  if (!locks) {
    throw new Error('the pack for tests has lost its runbook');
  }
  const tied = (id: string, log: Evidence): Cause => ({
    id,
    identity: `shop/locks/${id}`,
    title: `It is ${id.toUpperCase()}`,
    says: `It is ${id.toUpperCase()}`,
    prior: 'usual',
    evidence: [evidence('disk-full', FOR.strong, NOT.strong), log],
    explains: [],
    lookAlikes: [],
    dont: [],
    fixes: [],
  });
  const causes = [
    tied('a', evidence('panic-lines', FOR.strong, NOT.strong)),
    tied('b', evidence('panic-lines', NOT.strong, FOR.strong)),
  ];
  return { ...pack, runbooks: [{ ...locks, symptoms: ['error-ratio'], causes, fixes: {} }] };
}
