/** A Postgres database as a target of rounds: reach it, then ask every check on the one held session. */
import type { CheckResult } from '@live-runbooks/engine';
import { type PreparedCheck, Unanswered, toResult, toUnknown } from '../model/check';
import { elapsedMs } from '../model/clock';
import { type Deadline, deadlineIn } from '../model/deadline';
import { reasonOf } from '../model/failure';
import type { TakenRound, Target } from '../model/round';
import { InOrder } from '../rounds/in-order';
import { Remembered } from '../rounds/remembered';
import { summarise } from '../rounds/summarise';
import type { PostgresTargetConfig } from '../config/schema';
import { askedChecks, availability } from './checks';
import type { Reached } from './checks/availability';
import { sayCatalogLock } from './catalog-locks';
import { mendPostgres } from './classify';
import { describe } from '../model/thrown';
import type { PostgresCheckContext } from './context';
import { Facts, isClient } from './facts';
import { hiddenFrom } from './hidden';
import { Names } from './names';
import { PostgresReach, type Reach, type ReachOptions } from './reach';
import { quoteName } from './relation-name';
import { type Session, SessionLost, askRawly, askSession } from './session';

/** Checks that are wrong, not merely poorer, without the statistics of other roles' sessions. */
const NEEDS_STATS = new Set([
  'postgres.connections',
  'postgres.blocking',
  'postgres.transactions',
  'postgres.statements',
  'postgres.xmin_holders',
  'postgres.autovacuum',
  'postgres.replication',
]);
/** A relation or function that is no longer there: an extension was dropped or moved. */
const GONE = new Set(['42P01', '42883', '3F000']);
/** Something was not read, because somebody locks it. */
const LOCK_TIMEOUT = '55P03';
/** Below this there is no time left to ask anything. */
const TOO_LATE_MS = 30;
/** What asking once more, at the end of a round, may take. */
const FINISH_MS = 750;

export interface PostgresTargetOptions extends ReachOptions {
  readonly statementsWindowSeconds: number;
}

export function postgresTarget(config: PostgresTargetConfig, options: PostgresTargetOptions): Target {
  const reach = new PostgresReach(config, options);
  const names = new Names(config.user);
  const inOrder = new InOrder();
  const remembered = new Remembered();
  const windows = { windowSeconds: options.statementsWindowSeconds };
  const given = config.checks as Readonly<Record<string, Record<string, unknown> | undefined>>;
  const settingsOf = (id: string): { enabled: boolean; options: Record<string, unknown> } => {
    const { enabled = true, ...rest } = given[id] ?? {};
    const usesWindow = id === 'postgres.statements' || id === 'postgres.table_use';
    return { enabled: enabled !== false, options: { ...(usesWindow ? windows : {}), ...rest } };
  };
  const first = availability.prepare(settingsOf('postgres.availability').options);
  const asked = askedChecks
    .filter((check) => settingsOf(check.id).enabled)
    .map((check) => check.prepare(settingsOf(check.id).options));
  const title = config.title ?? config.id;

  const run = async (
    check: PreparedCheck<PostgresCheckContext>,
    {
      context,
      deadline,
      down,
      nameless,
    }: {
      readonly context: PostgresCheckContext;
      readonly deadline: Deadline;
      readonly down: Reached | undefined;
      /** Why not even the name of this role and this database is known. */
      readonly nameless: { readonly error: unknown } | undefined;
    }
  ): Promise<{ readonly result: CheckResult; readonly finish?: () => Promise<CheckResult> }> => {
    const askedAt = Date.now();
    const startedAt = performance.now();
    const timing = () => ({ askedAt, tookMs: elapsedMs(startedAt) });
    if (down !== undefined) {
      return { result: toUnknown(check, notAsked(down), timing()) };
    }
    const { id, privilege } = check.description;
    if (deadline.left() < TOO_LATE_MS) {
      return { result: toUnknown(check, outOfTime, timing()) };
    }
    try {
      if (nameless !== undefined) {
        throw nameless.error;
      }
      if (NEEDS_STATS.has(id) && !names.readsAllStats) {
        names.forget();
        throw hiddenFrom(names.user);
      }
      const finding = await check.run(context).catch(async (error: unknown) => {
        if (!GONE.has(describe(error).code)) {
          throw error;
        }
        names.forget();
        await names.refresh(context.askRaw);
        return check.run(context);
      });
      const { finish } = finding;
      const result = toResult(check, finding, timing());
      return finish === undefined
        ? { result }
        : { result, finish: async () => toResult(check, await finish(), { askedAt, tookMs: result.tookMs }) };
    } catch (error) {
      return { result: toUnknown(check, await explain(error, privilege, context), timing()) };
    }
  };

  const take: Target['take'] = ({ budgetMs, only }) =>
    inOrder.run(async () => {
      const deadline = deadlineIn(budgetMs);
      const startedAt = Date.now();
      const started = performance.now();
      const { reached, session } = await reach.reach(deadline).catch(brokenReach(config, options));
      const timing = { askedAt: startedAt, tookMs: elapsedMs(started) };
      const context = contextOf(session, names, deadline, { now: startedAt, forced: only !== undefined });
      const wanted = asked.filter((check) => only === undefined || only.includes(check.description.id));

      let down: Reached | undefined = session === undefined ? reached : undefined;
      const nameless =
        down === undefined
          ? await names.refresh(context.askRaw).then(
              () => undefined,
              (error: unknown) => ({ error })
            )
          : undefined;
      const results: CheckResult[] = [];
      const unfinished: Array<{ readonly at: number; readonly finish: () => Promise<CheckResult> }> = [];
      if (down !== undefined) {
        remembered.forget();
      }
      for (const check of wanted) {
        const known = only === undefined && down === undefined ? remembered.instead(check) : undefined;
        const asked = known === undefined ? await run(check, { context, deadline, down, nameless }) : { result: known };
        results.push(asked.result);
        if (asked.finish !== undefined) {
          unfinished.push({ at: results.length - 1, finish: asked.finish });
        }
        if (known === undefined && down === undefined) {
          remembered.keep(asked.result);
        }
        if (down === undefined && session?.broken === true) {
          down = { ...reached, held: false, message: 'the session was lost during the round' };
        }
      }
      const final =
        session === undefined ? reached : await refineLocked(await refineFull(reached, context, deadline), context);
      for (const { at, finish } of unfinished) {
        if (deadline.left() > FINISH_MS && session?.broken === false) {
          results[at] = await finish().catch(() => results[at] as CheckResult);
        }
      }
      if (session !== undefined) {
        await reach.end(session, deadline);
      }
      const available = toResult(first, await first.run(final), timing);
      const checks = only === undefined || only.includes(available.id) ? [available, ...results] : results;
      return summarise({
        target: config.id,
        kind: 'postgres',
        title,
        class: final.class,
        startedAt,
        tookMs: elapsedMs(started),
        checks,
      } satisfies Omit<TakenRound, 'state'>);
    });

  return {
    id: config.id,
    kind: 'postgres',
    title,
    checkIds: [first, ...asked].map((check) => check.description.id),
    take,
    close: () => {
      reach.close();
      return Promise.resolve();
    },
  };
}

function contextOf(
  session: Session | undefined,
  names: Names,
  deadline: Deadline,
  round: Pick<PostgresCheckContext, 'now' | 'forced'>
): PostgresCheckContext {
  const asked =
    (how: typeof askSession): PostgresCheckContext['ask'] =>
    async (sql, values) => {
      if (session === undefined) {
        throw new SessionLost('no session');
      }
      try {
        return await how(session, deadline, sql, values);
      } catch (error) {
        facts.metLock ||= describe(error).code === LOCK_TIMEOUT;
        throw error;
      }
    };
  const version = session?.version ?? 0;
  const given = { ask: asked(askSession), askRaw: asked(askRawly), names, version };
  const facts = new Facts(given);
  return { ...given, ...round, left: () => deadline.left(), facts };
}

/** The held session works, and yet ordinary clients are refused: that is the finding. */
async function refineFull(reached: Reached, context: PostgresCheckContext, deadline: Deadline): Promise<Reached> {
  if ((reached.class !== 'ok' && reached.class !== 'too-many-clients') || deadline.left() < TOO_LATE_MS) {
    return reached;
  }
  try {
    const [{ usable, max }, activity] = [await context.facts.slots(), await context.facts.activity()];
    const total = activity.filter(isClient).length;
    return total >= usable
      ? {
          ...reached,
          class: 'too-many-clients',
          message: `${total} of ${usable} usable connections (max_connections ${max}) are taken: new clients are refused with 53300`,
        }
      : reached;
  } catch {
    return reached;
  }
}

/** What hangs for a lock on a catalog is no silence: the server answers, and says who holds it. */
async function refineLocked(reached: Reached, context: PostgresCheckContext): Promise<Reached> {
  if (
    !(reached.class === 'timeout' || (reached.class === 'ok' && context.facts.metLock)) ||
    context.left() < TOO_LATE_MS
  ) {
    return reached;
  }
  const locks = await context.facts.catalogLocks().catch(() => []);
  const [first] = locks;
  return first === undefined
    ? reached
    : {
        ...reached,
        class: 'catalog-locked',
        message: `the server answers, and ${reached.class === 'timeout' ? 'logins' : 'new questions'} wait: ${sayCatalogLock(first)}`,
        locks,
      };
}

const outOfTime = {
  reason: 'timeout',
  summary: 'not asked: the time of the round was used up before',
  mend: 'The server answers slowly; see postgres.availability and the load of its host.',
} as const;

function notAsked(reached: Reached) {
  return {
    reason: reasonOf(reached.class),
    summary: `not asked: ${reached.class}: ${reached.message}`,
    mend: mendPostgres(reached, reached),
  };
}

async function explain(
  error: unknown,
  privilege: string,
  context: PostgresCheckContext
): Promise<Parameters<typeof toUnknown>[1]> {
  const { user, readsAllStats } = context.names;
  if (error instanceof Unanswered) {
    return { reason: error.reason, summary: error.message, mend: error.mend };
  }
  if (error instanceof SessionLost) {
    return {
      reason: 'timeout',
      summary: `no answer: ${error.message}`,
      mend: 'The next round opens a new session; if it recurs, see postgres.availability.',
    };
  }
  const { code, message } = describe(error);
  switch (code) {
    case '42501':
      return {
        reason: 'no-permission',
        summary: message,
        mend:
          exactGrant(message, user, readsAllStats) ??
          `As an administrator, for the role ${quoteName(user)}: ${privilege}`,
      };
    case LOCK_TIMEOUT: {
      const [held] = await context.facts.catalogLocks().catch(() => []);
      return {
        reason: 'timeout',
        summary:
          held === undefined
            ? `a lock is in the way, and is gone meanwhile: ${message}`
            : `a lock on a system catalog is in the way: ${sayCatalogLock(held)}`,
        mend:
          held?.pid == null
            ? 'Ask again; see postgres.blocking for who holds AccessExclusiveLock, and pg_prepared_xacts.'
            : `SELECT pg_terminate_backend(${held.pid}); in a session that is open already, after asking what it is for.`,
      };
    }
    case '57014':
      return {
        reason: 'timeout',
        summary: 'the server did not answer within the statement timeout',
        mend: 'The server is slow, or its catalogs are very large; see its load.',
      };
    default:
      return {
        reason: 'query-error',
        summary: `${message}${code === '' ? '' : ` (${code})`}`,
        mend: 'Read the message; if it does not speak of your server, it is a defect of this check.',
      };
  }
}

/** Functions that pg_monitor may call: without it, it; with it, somebody took that right away. */
function exactGrant(message: string, user: string, isMonitor: boolean): string | undefined {
  const [, called] = /^permission denied for function (pg_ls_\w+)$/.exec(message) ?? [];
  return called === undefined
    ? undefined
    : isMonitor
      ? `GRANT EXECUTE ON FUNCTION ${called}() TO ${quoteName(user)};`
      : `GRANT pg_monitor TO ${quoteName(user)};`;
}

const brokenReach =
  ({ user, database }: PostgresTargetConfig, { sessions }: PostgresTargetOptions) =>
  (error: unknown): Reach => ({
    session: undefined,
    reached: {
      class: 'unknown',
      message: describe(error).message,
      latencyMs: null,
      held: false,
      pooled: false,
      user,
      database,
      sessions,
    },
  });
