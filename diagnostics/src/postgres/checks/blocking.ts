/** Sessions that wait for locks, walked to the root: the session (or prepared transaction) that waits for nobody. */
import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import { fact } from '../../model/fact';
import { redactSql } from '../../redact/sql';
import { type Root, type Waiter, blockingGraph } from '../blockingGraph';
import type { PostgresCheckContext } from '../context';
import { isIdleInTransaction } from '../activity';

/** Modes that only schema changes and maintenance take on a table, and behind which everybody queues. */
const DDL_MODES = new Set(['ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock']);

const ROOT_KINDS = ['session', 'background', 'prepared-transaction', 'deadlock'] as const;

export const blocking = defineCheck({
  id: 'postgres.blocking',
  title: 'Sessions waiting for locks, and who holds them',
  kind: 'postgres',
  asks: 'pg_blocking_pids of every waiting session, pg_lock_status, pg_prepared_xact; sessions of this database wait',
  value: 'waiting',
  fields: {
    waiting: fact.count('sessions of this database that wait for a lock'),
    longestWaitSeconds: fact.seconds('the longest of these waits; 0 when nobody waits'),
    roots: fact.count('sessions and prepared transactions at the root'),
    waitingForAdvisoryLock: fact.count(
      'those that wait for an advisory lock: an application took it by a number of its own'
    ),
  },
  rows: {
    roots: {
      pid: fact.number('process id; null for a prepared transaction'),
      gid: fact.text('id of a prepared transaction; null for a session'),
      application: fact.text('application_name'),
      user: fact.text('role'),
      database: fact.text('database'),
      state: fact.text('active, idle in transaction, … or prepared'),
      kind: fact.word(
        ROOT_KINDS,
        'session, background, prepared-transaction, or deadlock (a circle that the server has not broken yet)'
      ),
      idleSeconds: fact.seconds('seconds idle in transaction; null when it is not idle'),
      transactionSeconds: fact.seconds('age of its transaction'),
      waitingBehind: fact.count('sessions that wait behind it, directly or not'),
      lock: fact.text('what the first of them waits for: row, relation, advisory, or another sort of lock'),
      mode: fact.text('its strongest lock on that relation'),
      relation: fact.text('the relation that the first of them waits for'),
      query: fact.text('its last statement, without literals'),
    },
    waiting: {
      pid: fact.number('process id'),
      application: fact.text('application_name'),
      user: fact.text('role'),
      blockedBy: fact.number('process id that it waits for directly; 0 for a prepared transaction'),
      rootPid: fact.number('process id of its root; null for a prepared transaction'),
      waitSeconds: fact.seconds('seconds waited'),
      lock: fact.text('what it waits for: row, relation, advisory, or another sort of lock'),
      mode: fact.text('the lock that it wants'),
      relation: fact.text('of which relation'),
      query: fact.text('its statement, without literals'),
    },
    queuedDdl: {
      pid: fact.number('process id of the queued schema change'),
      application: fact.text('application_name'),
      relation: fact.text('the relation that it wants'),
      mode: fact.text('the lock that it wants'),
      waitSeconds: fact.seconds('seconds waited'),
      waitingBehind: fact.count('sessions that queue behind it'),
      holderPid: fact.number('process id of the session that it waits for'),
      holderApplication: fact.text('its application_name'),
      holderState: fact.text('its state'),
      query: fact.text('the schema change, without literals'),
    },
  },
  mend: "End the root blocker, not the waiters: SELECT pg_terminate_backend(<pid of the root>); a prepared transaction: ROLLBACK PREPARED '<gid>'. Then set idle_in_transaction_session_timeout, and lock_timeout for schema changes.",
  privilege: 'GRANT pg_read_all_stats (in pg_monitor)',
  needsStatistics: true,
  options: z.strictObject({
    warning: limit.warning(1),
    critical: limit.critical(5),
    /** A wait as long as this is critical, however few wait. Seconds. */
    criticalWaitSeconds: z.number().min(0).default(120),
    /** Shorter waits are ordinary traffic: one update waits for another. Seconds. */
    minWaitSeconds: z.number().min(0).default(1),
  }),
  make: (options) => async (context: PostgresCheckContext) => {
    const activity = await context.shared.activity();
    if (!activity.some((each) => each.blockedBy.length > 0)) {
      return {
        value: 0,
        summary: 'nobody waits for a lock',
        fields: { waiting: 0, longestWaitSeconds: 0, roots: 0, waitingForAdvisoryLock: 0 },
      };
    }
    const locks = await context.shared.locks();
    const prepared = activity.some((each) => each.blockedBy.includes(0))
      ? await context.shared.preparedTransactions()
      : [];
    const graph = blockingGraph(activity, locks, prepared, context.names.database.id);
    const waiters = graph.waiters;
    const nameOf = await context.names.relationNames(
      context.ask,
      [...waiters, ...graph.roots].flatMap((each) => (each.relationId === null ? [] : [each.relationId]))
    );
    const relation = (id: number | null): string | null => (id === null ? null : nameOf(id));
    const advisory = waiters.filter((waiter) => waiter.session.waitEvent === 'advisory').length;

    const longest = waiters[0]?.waitSeconds ?? 0;
    const fields = {
      waiting: waiters.length,
      longestWaitSeconds: longest,
      roots: graph.roots.length,
      waitingForAdvisoryLock: advisory,
    };
    const first = graph.roots[0];
    return {
      value: waiters.length,
      summary:
        first === undefined
          ? 'nobody waits for a lock'
          : `${waiters.length} waiting${advisory === 0 ? '' : advisory === waiters.length ? ' for an advisory lock' : `, ${advisory} of them for an advisory lock`}, the longest for ${longest.toFixed(1)} s; ${sayRoot(first)}`,
      fields,
      rows: {
        roots: graph.roots.slice(0, 20).map((root) => rootRow(root, waiters, relation(root.relationId))),
        waiting: waiters.slice(0, 50).map((waiter) => waiterRow(waiter, relation(waiter.relationId))),
        queuedDdl: waiters
          .filter((waiter) => waiter.mode !== null && DDL_MODES.has(waiter.mode) && waiter.relationId !== null)
          // A row lock also waits in ExclusiveLock, but on the row; those waits have the relation from the tuple.
          .filter((waiter) => locks.some((lock) => isRelationWait(lock, waiter)))
          .slice(0, 20)
          .map((waiter) => {
            const holder = activity.find((each) => waiter.roots.includes(each.pid));
            return {
              pid: waiter.session.pid,
              application: waiter.session.application,
              relation: relation(waiter.relationId),
              mode: waiter.mode,
              waitSeconds: waiter.waitSeconds,
              waitingBehind: graph.waitingBehind(waiter.session.pid),
              holderPid: holder?.pid ?? null,
              holderApplication: holder?.application ?? null,
              holderState: holder?.state ?? null,
              query: redactSql(waiter.session.query),
            };
          }),
      },
      ignoreThresholds: longest < options.minWaitSeconds,
      ...(longest >= options.criticalWaitSeconds ? { atLeast: 'critical' as const } : {}),
    };
  },
});

const isRelationWait = (lock: { pid: number | null; granted: boolean; type: string }, waiter: Waiter): boolean =>
  lock.pid === waiter.session.pid && !lock.granted && lock.type === 'relation';

/** Whoever waits for a row waits for the place in its queue, and then for the transaction that wrote it. */
const lockOf = (waiter: Waiter | undefined): string | null => {
  const waitsFor = waiter?.session.waitEvent ?? null;
  return waitsFor === 'tuple' || waitsFor === 'transactionid' ? 'row' : waitsFor;
};

function rootRow(root: Root, waiters: readonly Waiter[], relation: string | null) {
  const { session, prepared } = root;
  return {
    pid: session?.pid ?? (typeof root.node === 'number' ? root.node : null),
    gid: prepared?.gid ?? null,
    application: session?.application ?? null,
    user: session?.user ?? prepared?.owner ?? null,
    database: session?.database ?? prepared?.database ?? null,
    state: session?.state ?? (prepared ? 'prepared' : null),
    kind: kindOf(root),
    idleSeconds: session && isIdleInTransaction(session) ? session.stateSeconds : null,
    transactionSeconds: session?.transactionSeconds ?? prepared?.seconds ?? null,
    waitingBehind: root.waitingBehind,
    lock: lockOf(waiters.find(({ blockers }) => blockers.includes(root.node))),
    mode: root.mode,
    relation,
    query: session ? redactSql(session.query) : null,
  };
}

function kindOf({ inCycle, prepared, session }: Root): (typeof ROOT_KINDS)[number] {
  if (inCycle) {
    return 'deadlock';
  }
  return prepared ? 'prepared-transaction' : session?.kind === 'client backend' ? 'session' : 'background';
}

function waiterRow(waiter: Waiter, relation: string | null) {
  const [direct] = waiter.blockers;
  const [root] = waiter.roots;
  return {
    pid: waiter.session.pid,
    application: waiter.session.application,
    user: waiter.session.user,
    blockedBy: typeof direct === 'number' ? direct : 0,
    rootPid: typeof root === 'number' ? root : null,
    waitSeconds: waiter.waitSeconds,
    lock: lockOf(waiter),
    mode: waiter.mode,
    relation,
    query: redactSql(waiter.session.query),
  };
}

function sayRoot({ session, prepared, waitingBehind, inCycle }: Root): string {
  if (inCycle) {
    return 'they wait for each other';
  }
  if (prepared) {
    return `the prepared transaction "${prepared.gid}" holds up ${waitingBehind}`;
  }
  const who = `${session?.pid ?? 'a session'}${session?.application ? ` (${session.application})` : ''}`;
  return `${who} is ${session?.state ?? 'gone'} and holds up ${waitingBehind}`;
}
