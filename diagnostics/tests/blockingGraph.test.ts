/** The graph on shapes that are hard to hold still in a live server. */
import { describe, expect, test } from 'vitest';
import { blockingGraph } from '../src/postgres/blockingGraph';
import type { Activity } from '../src/postgres/activity';
import type { Lock, PreparedTransaction } from '../src/postgres/sharedQueries';

const DATABASE = 5;
const session = (pid: number, blockedBy: number[] = [], more: Partial<Activity> = {}): Activity => ({
  pid,
  databaseId: DATABASE,
  database: 'shop',
  userId: 10,
  user: 'shop',
  application: `app-${pid}`,
  work: 'application',
  state: blockedBy.length > 0 ? 'active' : 'idle in transaction',
  waitEventType: blockedBy.length > 0 ? 'Lock' : null,
  waitEvent: null,
  kind: 'client backend',
  leaderPid: null,
  transactionSeconds: 10,
  querySeconds: 5,
  stateSeconds: 5,
  query: '',
  queryId: null,
  heldTransactions: null,
  blockedBy,
  own: false,
  ...more,
});
const lock = (pid: number | null, more: Partial<Lock>): Lock => ({
  pid,
  type: 'relation',
  relationId: 1,
  mode: 'AccessShareLock',
  granted: true,
  transactionId: null,
  virtualTransaction: `${pid ?? -1}/1`,
  waitSeconds: null,
  ...more,
});
const graphOf = (activity: Activity[], locks: Lock[] = [], prepared: PreparedTransaction[] = []) =>
  blockingGraph(activity, locks, prepared, DATABASE);

describe('roots', () => {
  test('the end of a chain, with everybody behind it', () => {
    const graph = graphOf([session(1), session(2, [1]), session(3, [2]), session(4, [2, 3])]);
    expect(graph.roots.map(({ node, waitingBehind }) => [node, waitingBehind])).toEqual([[1, 3]]);
    expect(graph.waitingBehind(2)).toBe(2);
    expect(graph.waitingBehind(4)).toBe(0);
  });

  test('several, the worst first', () => {
    const graph = graphOf([session(1), session(2), session(3, [1]), session(4, [2]), session(5, [2])]);
    expect(graph.roots.map(({ node, waitingBehind }) => [node, waitingBehind])).toEqual([
      [2, 2],
      [1, 1],
    ]);
  });

  test('all of a circle, and whoever waits behind it', () => {
    const graph = graphOf([session(1, [2]), session(2, [1]), session(3, [1])]);
    expect(graph.roots.map(({ node, inCycle, waitingBehind }) => [node, inCycle, waitingBehind]).sort()).toEqual([
      [1, true, 3],
      [2, true, 3],
    ]);
  });

  test('a blocker that is gone by now is still named', () => {
    const graph = graphOf([session(2, [99])]);
    expect(graph.roots).toMatchObject([{ node: 99, session: undefined, waitingBehind: 1 }]);
  });

  test('a blocker of another database counts, a waiter of another database does not', () => {
    const graph = graphOf([session(1, [], { databaseId: 9 }), session(2, [1]), session(3, [1], { databaseId: 9 })]);
    expect(graph.waiters.map((waiter) => waiter.session.pid)).toEqual([2]);
    expect(graph.roots).toMatchObject([{ node: 1, waitingBehind: 1 }]);
  });

  test('the prepared transaction that holds what is waited for, not just any', () => {
    const prepared = (gid: string, transactionId: string): PreparedTransaction => ({
      ...{ gid, transactionId, owner: 'shop', databaseId: DATABASE, database: 'shop', seconds: 60 },
    });
    const waits = lock(2, {
      granted: false,
      type: 'transactionid',
      transactionId: '701',
      relationId: null,
      mode: 'ShareLock',
    });
    const graph = graphOf([session(2, [0])], [waits], [prepared('other', '700'), prepared('guilty', '701')]);
    expect(graph.roots.map(({ node }) => node)).toEqual(['prepared:guilty']);
  });
});

test('the relation of a row wait is the table of its tuple, and the mode is the root’s strongest there', () => {
  const graph = graphOf(
    [session(1), session(2, [1])],
    [
      lock(1, { mode: 'AccessShareLock', relationId: 7 }),
      lock(1, { mode: 'RowExclusiveLock', relationId: 7 }),
      lock(1, { mode: 'AccessExclusiveLock', relationId: 8 }),
      lock(2, { type: 'tuple', relationId: 7, mode: 'ExclusiveLock' }),
      lock(2, { type: 'transactionid', relationId: null, granted: false, mode: 'ShareLock', waitSeconds: 3 }),
    ]
  );
  expect(graph.waiters).toMatchObject([{ relationId: 7, mode: 'ShareLock', waitSeconds: 3 }]);
  expect(graph.roots).toMatchObject([{ relationId: 7, mode: 'RowExclusiveLock' }]);
});

test('nobody waits', () => {
  expect(graphOf([session(1), session(2)])).toMatchObject({ waiters: [], roots: [] });
});
