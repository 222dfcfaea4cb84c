/** A Redis server as a target of rounds: one round trip brings what all checks read. */
import type { CheckResult } from '@live-runbooks/engine';
import type { RedisTargetConfig } from '../config/schema';
import { type PreparedCheck, toResult, toUnknown } from '../model/check';
import { elapsedMs } from '../model/clock';
import { type Deadline, deadlineIn } from '../model/deadline';
import { reasonOf } from '../model/failure';
import { Held } from '../model/held';
import type { Target } from '../model/round';
import { InOrder } from '../rounds/in-order';
import { summarise } from '../rounds/summarise';
import { askedRedisChecks, redisAvailability } from './checks';
import type { RedisReached } from './checks/availability';
import { type RedisFailure, classifyRedis, mendRedis } from './classify';
import type { RedisCheckContext } from './context';
import { KeySpace } from './key-space';
import { Loading } from './loading';
import { OwnLookups } from './own-lookups';
import { explainRefusal } from './refusal';
import { type RedisSession, RedisSilent, discardRedisSession, openRedisSession } from './session';
import { readRound } from './round';

const CONNECT_MS = 800;

export interface Read {
  readonly reached: RedisReached;
  readonly context?: RedisCheckContext;
}

export function redisTarget(config: RedisTargetConfig): Target {
  const held = new Held<RedisSession>({
    open: () => openRedisSession(config),
    discard: discardRedisSession,
    classify: classifyRedis,
    restMs: ({ class: is }) => (is === 'auth' || is === 'tls' ? 5000 : 0),
  });
  const inOrder = new InOrder();
  const keySpace = new KeySpace(config.expiring);
  const lookups = new OwnLookups();
  const loading = new Loading();
  const given = config.checks as Readonly<Record<string, Record<string, unknown> | undefined>>;
  const settingsOf = (id: string): { enabled: boolean; options: Record<string, unknown> } => {
    const { enabled = true, ...options } = given[id] ?? {};
    return { enabled: enabled !== false, options };
  };
  const first = redisAvailability.prepare(settingsOf('redis.availability').options);
  const asked = askedRedisChecks
    .filter((check) => settingsOf(check.id).enabled)
    .map((check) => check.prepare(settingsOf(check.id).options));
  const title = config.title ?? config.id;
  const user = config.username ?? 'default';

  const reach = async (deadline: Deadline, now: number, forced: boolean): Promise<Read> => {
    const down = (failure: RedisFailure): Read => {
      keySpace.forget();
      return { reached: { ...loading.orElse(failure, now), latencyMs: null, user } };
    };
    // A held connection may have been lost since the last round: then one more, new one is tried.
    for (let attempt = 1; ; attempt += 1) {
      const wasHeld = held.current() !== undefined;
      const got = await held.get(deadline.within(CONNECT_MS));
      if ('failure' in got) {
        return down(got.failure);
      }
      const session = got.connection;
      if (!wasHeld) {
        loading.hear(session.greeting, now);
      }
      try {
        const read = await readRound(session, { config, keySpace, lookups, deadline, now, user, forced });
        loading.note(read.reached, now);
        return read;
      } catch (error) {
        held.drop(session);
        const silent = error instanceof RedisSilent;
        if (silent || attempt > 1 || !wasHeld) {
          return down(silent ? { class: 'hung', message: 'the server does not answer' } : classifyRedis(error));
        }
      }
    }
  };

  const run = async (check: PreparedCheck<RedisCheckContext>, read: Read): Promise<CheckResult> => {
    const askedAt = Date.now();
    const startedAt = performance.now();
    const timing = () => ({ askedAt, tookMs: elapsedMs(startedAt) });
    if (read.context === undefined) {
      const { class: is, message, mend } = read.reached;
      const summary = `not asked: ${is}: ${message}`;
      return toUnknown(check, { reason: reasonOf(is), summary, mend: mend ?? mendRedis(is, user) }, timing());
    }
    try {
      return toResult(check, await check.run(read.context), timing());
    } catch (error) {
      return toUnknown(check, explainRefusal(error, { user, privilege: check.description.privilege }), timing());
    }
  };

  const take: Target['take'] = ({ budgetMs, only }) =>
    inOrder.run(async () => {
      const deadline = deadlineIn(budgetMs);
      const startedAt = Date.now();
      const started = performance.now();
      const read = await reach(deadline, startedAt, only !== undefined);
      const timing = { askedAt: startedAt, tookMs: elapsedMs(started) };
      const available = toResult(first, await first.run(read.reached), timing);
      const wanted = asked.filter((check) => only === undefined || only.includes(check.description.id));
      const results: CheckResult[] = [];
      for (const check of wanted) {
        results.push(await run(check, read));
      }
      const session = held.current();
      if (session?.broken === true) {
        held.drop(session);
      }
      return summarise({
        target: config.id,
        kind: 'redis',
        title,
        class: read.reached.class,
        startedAt,
        tookMs: elapsedMs(started),
        checks: only === undefined || only.includes(available.id) ? [available, ...results] : results,
      });
    });

  return {
    id: config.id,
    kind: 'redis',
    title,
    checkIds: [first, ...asked].map((check) => check.description.id),
    take,
    close: () => {
      held.close();
      return Promise.resolve();
    },
  };
}
