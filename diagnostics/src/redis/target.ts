/** A Redis server as a target of rounds: one round trip brings what all checks read. */
import type { CheckResult } from '@live-runbooks/engine';
import type { RedisTargetConfig } from '../config/schema';
import { type PreparedCheck, Unanswered, toResult, toUnknown } from '../model/check';
import { elapsedMs } from '../model/clock';
import { type Deadline, deadlineIn } from '../model/deadline';
import { reasonOf } from '../model/failure';
import { Held } from '../model/held';
import type { Target } from '../model/round';
import { describe } from '../model/thrown';
import { InOrder } from '../rounds/in-order';
import { summarise } from '../rounds/summarise';
import { askedRedisChecks, redisAvailability } from './checks';
import type { RedisReached } from './checks/availability';
import { classifyRedis, mendRedis } from './classify';
import { type RedisCheckContext, infoNumber, parseInfo } from './context';
import { KeySpace, type KeySpaceView } from './key-space';
import { type RedisSession, RedisSessionLost, askRedis, discardRedisSession, openRedisSession } from './session';

const CONNECT_MS = 800;
/** What looking at keys leaves of the round. */
const KEEP_MS = 700;

interface Read {
  readonly reached: RedisReached;
  readonly context?: RedisCheckContext;
}

export function redisTarget(config: RedisTargetConfig): Target {
  const held = new Held<RedisSession>({
    open: () => openRedisSession(config),
    discard: discardRedisSession,
    classify: classifyRedis,
    restMs: ({ class: is }) => (is === 'auth' ? 5000 : 0),
  });
  const inOrder = new InOrder();
  const keySpace = new KeySpace(config.expiring);
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

  const reach = async (deadline: Deadline, now: number): Promise<Read> => {
    const down = (failure: { class: string; message: string }): Read => ({
      reached: { ...failure, latencyMs: null, user },
    });
    // A held connection may have been lost since the last round: then one more, new one is tried.
    for (let attempt = 1; ; attempt += 1) {
      const wasHeld = held.current() !== undefined;
      const got = await held.get(deadline.within(CONNECT_MS));
      if ('failure' in got) {
        return down(got.failure);
      }
      const session = got.connection;
      try {
        return await readRound(session, { config, keySpace, deadline, now, user });
      } catch (error) {
        held.drop(session);
        const silent = error instanceof RedisSessionLost && /no answer/.test(error.message);
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
      const { class: is, message } = read.reached;
      const why = { reason: reasonOf(is), summary: `not asked: ${is}: ${message}`, mend: mendRedis(is, user) };
      return toUnknown(check, why, timing());
    }
    try {
      return toResult(check, await check.run(read.context), timing());
    } catch (error) {
      return toUnknown(check, explain(error, check.description.privilege, user), timing());
    }
  };

  const take: Target['take'] = ({ budgetMs, only }) =>
    inOrder.run(async () => {
      const deadline = deadlineIn(budgetMs);
      const startedAt = Date.now();
      const started = performance.now();
      const read = await reach(deadline, startedAt);
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

interface RoundOptions {
  readonly config: RedisTargetConfig;
  readonly keySpace: KeySpace;
  readonly deadline: Deadline;
  readonly now: number;
  readonly user: string;
}

/** Rejects only when the connection is lost or silent. */
async function readRound(
  session: RedisSession,
  { config, keySpace, deadline, now, user }: RoundOptions
): Promise<Read> {
  let looked: Promise<KeySpaceView> | undefined;
  const ask: RedisCheckContext['ask'] = (commands) => askRedis(session, deadline, commands);
  const startedAt = performance.now();
  const [pong] = await askRedis(session, deadline, [['PING']]);
  const pingMs = elapsedMs(startedAt);
  const [info, slowlogLength = null, slowlog = null, latencyLatest = null, latencyDoctor = null] = await askRedis(
    session,
    deadline,
    [['INFO'], ['SLOWLOG', 'LEN'], ['SLOWLOG', 'GET', '32'], ['LATENCY', 'LATEST'], ['LATENCY', 'DOCTOR']]
  );
  if (typeof info !== 'string') {
    // BUSY and LOADING refuse INFO too; NOPERM means that the ACL lacks it.
    const failure = classifyRedis(info instanceof Error ? info : new Error('INFO gave no text'));
    return { reached: { ...failure, latencyMs: pingMs, user } };
  }
  const fields = parseInfo(info);
  return {
    reached: { ...classOfAnswer(pong, fields), latencyMs: pingMs, user },
    context: {
      info: fields,
      pingMs,
      slowlogLength,
      slowlog,
      latencyLatest,
      latencyDoctor,
      ask,
      lists: config.lists,
      hashes: config.hashes,
      expiring: config.expiring,
      keySpace: () => (looked ??= keySpace.step(ask, now, deadline.left() - KEEP_MS)),
      now,
    },
  };
}

function classOfAnswer(pong: unknown, info: ReadonlyMap<string, string>): { class: string; message: string } {
  if (pong instanceof Error) {
    return classifyRedis(pong);
  }
  if (info.get('loading') === '1') {
    return { class: 'loading', message: 'the server reads its data from disk' };
  }
  const [connected, max] = [infoNumber(info, 'connected_clients'), infoNumber(info, 'maxclients')];
  return connected !== null && max !== null && max > 0 && connected >= max
    ? { class: 'max-clients', message: `${connected} of ${max} clients: new ones are rejected` }
    : { class: 'ok', message: 'answers' };
}

function explain(error: unknown, privilege: string, user: string): Parameters<typeof toUnknown>[1] {
  if (error instanceof Unanswered) {
    return { reason: error.reason, summary: error.message, mend: error.mend.replaceAll('{user}', user) };
  }
  const { message } = describe(error);
  if (/^NOPERM/.test(message)) {
    return { reason: 'no-permission', summary: message, mend: `ACL SETUSER ${user} ${missing(message) ?? privilege}` };
  }
  if (error instanceof RedisSessionLost) {
    return { reason: 'timeout', summary: `no answer: ${message}`, mend: 'The next round opens a new connection.' };
  }
  return { reason: 'query-error', summary: message, mend: 'Read the message and the log of the server.' };
}

/** The rule that a refusal asks for: "… has no permissions to run the 'slowlog|get' command". */
function missing(message: string): string | undefined {
  const command = /run the '([a-z|_-]+)' command/i.exec(message)?.[1];
  return command === undefined
    ? /access one of the keys|access a key/.test(message)
      ? '%R~*'
      : undefined
    : `+${command.toLowerCase()}`;
}
