/** Whose statements are a batch: one session's, in one transaction. */
import { describe, expect, it } from 'vitest';

import { BatchStatements } from '../src/postgres/batchStatements';
import type { Activity } from '../src/postgres/activity';

const session = (pid: number, transactionSeconds: number | null, querySeconds = 0.2, queryId = '7'): Activity => ({
  pid,
  databaseId: 1,
  database: 'gorax',
  userId: 10,
  user: 'backup',
  application: 'backup',
  work: 'application',
  state: transactionSeconds === null ? 'idle' : 'active',
  waitEventType: null,
  waitEvent: null,
  kind: 'client backend',
  leaderPid: null,
  transactionSeconds,
  querySeconds,
  stateSeconds: 0.1,
  query: 'SELECT count(*) FROM execution_steps',
  queryId,
  heldTransactions: null,
  blockedBy: [],
  own: false,
});

function isBatch(...sessions: readonly Activity[]): boolean {
  const statements = new BatchStatements(60_000);
  statements.watch(sessions, 0);
  return statements.has('7');
}

describe('a statement is a batch', () => {
  it('when one session makes it again and again within one transaction', () => {
    expect(isBatch(session(1, 30))).toBe(true);
  });

  it('and is none when it is its own transaction, however long it takes', () => {
    expect(isBatch(session(1, 30, 30))).toBe(false);
  });

  it('and is none when another session made it, at work or idle since', () => {
    expect(isBatch(session(1, 30), session(2, 0.3))).toBe(false);
    expect(isBatch(session(1, 30), session(2, null))).toBe(false);
  });

  it('and is none when nobody was seen with it', () => {
    expect(isBatch(session(1, 30, 0.2, '8'))).toBe(false);
  });

  it('as long as it is seen within the window', () => {
    const statements = new BatchStatements(60_000);
    statements.watch([session(2, null)], 0);
    statements.watch([session(1, 30)], 50_000);
    expect(statements.has('7')).toBe(false);
    statements.watch([session(1, 61)], 61_000);
    expect(statements.has('7')).toBe(true);
    statements.watch([], 200_000);
    expect(statements.has('7')).toBe(false);
  });
});
