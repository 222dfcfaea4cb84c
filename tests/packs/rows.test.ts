/** Which rows of the diagnostics service's answers make a signal present, and which do not. */
import { bind, judge, type CheckResult, type Row } from '@live-runbooks/engine';
import { describe, expect, it } from 'vitest';

import { SHIPPED_PACKS } from './shippedPacks';

const NOW = 1_700_000_000_000;
const gorax = SHIPPED_PACKS.find(({ id }) => id === 'gorax');
if (gorax === undefined) {
  throw new Error('no pack gorax is shipped');
}
const bound = bind(gorax, {});

/** What the signal reads when its check answers with these rows. */
function read(signal: string, table: string, rows: readonly Row[]): string {
  const check: CheckResult = {
    id: 'postgres',
    title: '',
    state: 'warning',
    summary: '',
    value: rows.length,
    unit: 'short',
    threshold: null,
    fields: {},
    rows: { [table]: rows },
    since: null,
    askedAt: NOW,
    tookMs: 1,
  };
  return judge(bound, signal, { kind: 'check', check, askedAt: NOW, tookMs: 1 }, NOW).state;
}

describe('a slow statement', () => {
  const statement = { query: 'SELECT 1', meanMs: 900, callsPerSecond: 0.3, calls: 18 };

  it('is one that runs often', () => {
    expect(read('slow-statement', 'slow', [statement])).toBe('present');
  });

  it('is none after three calls, whatever rate they make of a short window', () => {
    expect(read('slow-statement', 'slow', [{ ...statement, calls: 3 }])).toBe('absent');
  });
});

describe('a session that waits for a lock', () => {
  const waiter = { pid: 7, waitSeconds: 40, lock: 'row', relation: 'workflows' };

  it('waits for a row or a table, unless it is for an advisory lock, which may be waited for on purpose', () => {
    expect(read('lock-waiters', 'waiting', [waiter])).toBe('present');
    expect(read('lock-waiters', 'waiting', [{ ...waiter, lock: 'advisory' }])).toBe('absent');
    // Rounds that were recorded before the service said it.
    expect(read('lock-waiters', 'waiting', [{ pid: 7, waitSeconds: 40 }])).toBe('present');
  });

  it('is one of a queue from three on, where the lock is advisory: one or two may stand by for a leader', () => {
    const advisory = { ...waiter, lock: 'advisory' };
    expect(read('advisory-waiters', 'waiting', [advisory, advisory])).toBe('absent');
    expect(read('advisory-waiters', 'waiting', [advisory, advisory, advisory])).toBe('present');
  });

  it('is behind a holder of an advisory lock, or behind one of a row', () => {
    const root = { pid: 4, state: 'active', kind: 'session', transactionSeconds: 60 };
    const signals = ['root-blocker-active', 'advisory-holder'];
    const both = (lock: string) => signals.map((signal) => read(signal, 'roots', [{ ...root, lock }]));
    expect(both('row')).toEqual(['present', 'absent']);
    expect(both('advisory')).toEqual(['absent', 'present']);
  });
});

describe('a limit of sessions', () => {
  const limit = { role: 'gorax', database: null, limit: 20, used: 20, ratio: 1 };

  it('is of a role, or of the database of the application', () => {
    const signals = ['role-at-limit', 'database-at-limit'];
    const both = (row: Row) => signals.map((signal) => read(signal, 'limits', [row]));
    expect(both(limit)).toEqual(['present', 'absent']);
    expect(both({ ...limit, role: null, database: 'gorax' })).toEqual(['absent', 'present']);
    expect(both({ ...limit, role: null, database: 'sqlstudio' })).toEqual(['absent', 'absent']);
  });

  it('is reached when no session is left', () => {
    expect(read('role-at-limit', 'limits', [{ ...limit, used: 15, ratio: 0.75 }])).toBe('absent');
  });
});

describe('a root blocker', () => {
  const blocker = { pid: 77, state: 'active', kind: 'session', transactionSeconds: 4000, waitingBehind: 6 };

  it('that works for a client is a long transaction, and no maintenance', () => {
    expect(read('root-blocker-active', 'roots', [blocker])).toBe('present');
    expect(read('root-blocker-maintenance', 'roots', [blocker])).toBe('absent');
  });

  it('of kind background, as an autovacuum is, is maintenance, and no transaction to cancel', () => {
    const kind = 'background';
    expect(read('root-blocker-active', 'roots', [{ ...blocker, kind }])).toBe('absent');
    expect(read('root-blocker-maintenance', 'roots', [{ ...blocker, kind }])).toBe('present');
  });
});

describe('what keeps VACUUM from removing dead rows', () => {
  const holder = { kind: 'slot', name: 'replica', transactions: 90_000, catalogOnly: false };

  it('is an old snapshot of anybody, and not one of the catalogs alone or of a moment ago', () => {
    expect(read('vacuum-held-back', 'holders', [holder])).toBe('present');
    expect(read('vacuum-held-back', 'holders', [{ ...holder, catalogOnly: true }])).toBe('absent');
    expect(read('vacuum-held-back', 'holders', [{ ...holder, transactions: 40 }])).toBe('absent');
  });
});
