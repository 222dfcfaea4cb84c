/** A Postgres database as a target of rounds: reach it, then ask every check on the one held session. */
import type { PreparedCheck } from '../model/check';
import type { Deadline } from '../model/deadline';
import type { Target } from '../model/round';
import { describe } from '../model/thrown';
import { type OnSession, type Probed, type RoundStart, checkedTarget } from '../rounds/checkedTarget';
import { askedChecks, availability } from './checks';
import type { Reached } from './checks/availability';
import { mendPostgres } from './classify';
import type { PostgresTargetConfig } from './config';
import type { PostgresCheckContext } from './context';
import { explainError } from './explain';
import { hiddenFrom } from './hidden';
import { Names } from './names';
import { PostgresReach, type ReachOptions } from './reach';
import { meetCatalogLocks, refined } from './refine';
import { type Session, askRawly, askSession } from './session';
import { SharedQueries } from './sharedQueries';
import { LOCKED } from './sqlstate';

/** A relation or function that is no longer there: an extension was dropped or moved. */
const GONE = new Set(['42P01', '42883', '3F000']);

export interface PostgresTargetOptions extends ReachOptions {
  readonly statementsWindowSeconds: number;
}

export function postgresTarget(config: PostgresTargetConfig, options: PostgresTargetOptions): Target {
  const reach = new PostgresReach(config, options);
  const names = new Names(config.user);
  const broken = (message: string): Reached => ({
    ...{ class: 'unknown', message, latencyMs: null, held: false, pooled: false },
    ...{ user: config.user, database: config.database, sessions: options.sessions },
  });

  const begin = async (
    deadline: Deadline,
    round: RoundStart
  ): Promise<Probed<Reached, PostgresCheckContext> | OnSession<Reached, PostgresCheckContext>> => {
    const { session, settle } = await reach.reach(deadline);
    if (session === undefined) {
      return { reached: (await settle()).reached };
    }
    const met = () =>
      settle().catch((error: unknown) => ({ reached: broken(describe(error).message), session: undefined }));
    const context = contextOf(session, names, round);
    /** Why not even the name of this role and this database is known. */
    const nameless = await names.refresh(context.askRaw, round).then(
      () => undefined,
      (error: unknown) => ({ error })
    );
    return {
      context,
      ask: async (check) => {
        if (nameless !== undefined) {
          throw nameless.error;
        }
        return askCheck(check, context);
      },
      lost: async () =>
        session.broken
          ? { ...(await met()).reached, held: false, message: 'the session was lost during the round' }
          : undefined,
      settle: async () => {
        const { reached, session: left } = await met();
        if (left === undefined) {
          return { reached, isVoid: true };
        }
        if (round.unasked) {
          await meetCatalogLocks(context);
        }
        return { reached: await refined(reached, context), isVoid: false };
      },
      end: () => reach.end(session, round.deadline),
    };
  };

  return checkedTarget({
    kind: 'postgres',
    id: config.id,
    title: config.title,
    settings: config.checks,
    defaults: ({ statementsWindow = false }) =>
      statementsWindow ? { windowSeconds: options.statementsWindowSeconds } : {},
    availability,
    asked: askedChecks,
    reach: begin,
    broken,
    mend: (reached) => mendPostgres(reached, reached),
    explain: explainError,
    close: () => reach.close(),
  });
}

async function askCheck(check: PreparedCheck<PostgresCheckContext>, context: PostgresCheckContext) {
  const { names, askRaw } = context;
  if (check.description.needsStatistics === true && !names.readsAllStats) {
    names.forget();
    throw hiddenFrom(names.user);
  }
  return check.run(context).catch(async (error: unknown) => {
    if (!GONE.has(describe(error).code)) {
      throw error;
    }
    names.forget();
    await names.refresh(askRaw);
    return check.run(context);
  });
}

function contextOf(session: Session, names: Names, { now, forced, deadline }: RoundStart): PostgresCheckContext {
  const asked =
    (how: typeof askSession): PostgresCheckContext['ask'] =>
    async (sql, values, options) => {
      try {
        return await how(session, deadline, sql, values, options);
      } catch (error) {
        shared.metLock ||= describe(error).code === LOCKED;
        throw error;
      }
    };
  const version = session.version;
  const given = { ask: asked(askSession), askRaw: asked(askRawly), names, version };
  const shared = new SharedQueries(given, session.settings);
  return { ...given, now, forced, left: () => deadline.left(), shared };
}
