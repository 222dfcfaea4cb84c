/**
 * Who waits for whom. Edges come from `pg_blocking_pids`, which knows queued locks and lock groups; recipes that join
 * pg_locks with itself invent edges and miss others. Pure.
 */
import type { Activity } from './activity';
import type { Lock, PreparedTransaction } from './sharedQueries';

/** A prepared transaction has no session: it is a node by its gid. */
export type Node = number | `prepared:${string}`;

export interface Waiter {
  readonly session: Activity;
  readonly blockers: readonly Node[];
  readonly roots: readonly Node[];
  readonly mode: string | null;
  readonly relationId: number | null;
  readonly waitSeconds: number;
}

export interface Root {
  readonly node: Node;
  readonly session: Activity | undefined;
  readonly prepared: PreparedTransaction | undefined;
  /** In a circle nobody is the root: all of its members are, until the server ends one of them. */
  readonly inCycle: boolean;
  readonly waitingBehind: number;
  readonly relationId: number | null;
  readonly mode: string | null;
}

export interface BlockingGraph {
  /** Longest wait first. */
  readonly waiters: readonly Waiter[];
  /** Most waiting behind first. */
  readonly roots: readonly Root[];
  /** How many of the waiters wait, directly or not, behind this session. */
  waitingBehind(pid: number): number;
}

const STRENGTH = [
  ...['AccessShareLock', 'RowShareLock', 'RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareLock'],
  ...['ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'],
];

export function blockingGraph(
  activity: readonly Activity[],
  locks: readonly Lock[],
  prepared: readonly PreparedTransaction[],
  databaseId: number
): BlockingGraph {
  const sessions = new Map(activity.map((each) => [each.pid, each]));
  const waitingLock = new Map(
    locks.filter((lock) => !lock.granted && lock.pid !== null).map((lock) => [lock.pid, lock])
  );
  const edges = new Map<Node, readonly Node[]>();
  for (const each of activity) {
    if (each.blockedBy.length > 0) {
      edges.set(each.pid, [...new Set(each.blockedBy.flatMap((pid) => (pid === 0 ? behind(each.pid) : [pid])))]);
    }
  }

  /** Which prepared transactions hold what this session waits for. */
  function behind(pid: number): Node[] {
    const wanted = waitingLock.get(pid);
    const holds = prepared.filter((each) =>
      wanted?.type === 'transactionid'
        ? wanted.transactionId === each.transactionId
        : locks.some(
            (lock) =>
              lock.pid === null &&
              lock.granted &&
              lock.virtualTransaction.endsWith(`/${each.transactionId}`) &&
              lock.type === wanted?.type &&
              lock.relationId === wanted.relationId
          )
    );
    return (holds.length > 0 ? holds : prepared).map((each): Node => `prepared:${each.gid}`);
  }

  const reach = (start: Node): Set<Node> => {
    const seen = new Set<Node>();
    const todo: Node[] = [...(edges.get(start) ?? [])];
    for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
      if (!seen.has(node)) {
        seen.add(node);
        todo.push(...(edges.get(node) ?? []));
      }
    }
    return seen;
  };
  const reached = new Map<Node, Set<Node>>([...edges.keys()].map((node) => [node, reach(node)]));
  const inCycle = (node: Node): boolean => reached.get(node)?.has(node) ?? false;
  const rootsOf = (node: Node): Node[] => {
    const all = [...(reached.get(node) ?? [])];
    const free = all.filter((each) => (edges.get(each) ?? []).length === 0);
    return free.length > 0 ? free : all.filter(inCycle);
  };

  /** What is waited for: the lock itself, or for a row lock (a wait for a transaction) the row's table. */
  const relationOf = (pid: number): number | null =>
    waitingLock.get(pid)?.relationId ??
    locks.find((lock) => lock.pid === pid && lock.type === 'tuple')?.relationId ??
    null;

  const waiters = [...edges.entries()]
    .flatMap(([node, blockers]): Waiter[] => {
      const session = typeof node === 'number' ? sessions.get(node) : undefined;
      if (session === undefined || session.databaseId !== databaseId) {
        return [];
      }
      const lock = waitingLock.get(session.pid);
      return [
        {
          session,
          blockers,
          roots: rootsOf(node),
          mode: lock?.mode ?? null,
          relationId: relationOf(session.pid),
          waitSeconds: lock?.waitSeconds ?? session.querySeconds ?? 0,
        },
      ];
    })
    .sort((a, b) => b.waitSeconds - a.waitSeconds);

  const roots = [...new Set(waiters.flatMap((waiter) => waiter.roots))]
    .map((node): Root => {
      const direct = waiters.filter((waiter) => waiter.blockers.includes(node));
      const relationId = direct.map((waiter) => waiter.relationId).find((id) => id !== null) ?? null;
      const transaction =
        typeof node === 'string' ? prepared.find((each) => `prepared:${each.gid}` === node) : undefined;
      const own = locks.filter((lock) =>
        typeof node === 'number'
          ? lock.pid === node
          : lock.pid === null && lock.virtualTransaction.endsWith(`/${transaction?.transactionId ?? ''}`)
      );
      const modes = own
        .filter((lock) => lock.granted && lock.type === 'relation' && lock.relationId === relationId)
        .map((lock) => lock.mode);
      return {
        node,
        session: typeof node === 'number' ? sessions.get(node) : undefined,
        prepared: transaction,
        inCycle: inCycle(node),
        waitingBehind: waiters.filter((waiter) => waiter.roots.includes(node)).length,
        relationId,
        mode: strongest(modes) ?? direct[0]?.mode ?? null,
      };
    })
    .sort((a, b) => b.waitingBehind - a.waitingBehind);

  return {
    waiters,
    roots,
    waitingBehind: (pid) => waiters.filter((waiter) => reached.get(waiter.session.pid)?.has(pid) ?? false).length,
  };
}

function strongest(modes: readonly string[]): string | undefined {
  return [...modes].sort((a, b) => STRENGTH.indexOf(b) - STRENGTH.indexOf(a))[0];
}
