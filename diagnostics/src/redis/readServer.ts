/** What one round asks of a server before its checks do, and what they get to work with. */
import { elapsedMs } from '../model/clock';
import type { Deadline } from '../model/deadline';
import type { RedisReached } from './checks/availability';
import { type RedisFailure, classifyRedis } from './classify';
import type { RedisTargetConfig } from './config';
import type { RedisCheckContext } from './context';
import { databasesOf, infoNumber, parseInfo } from './info';
import { keySignsOf } from './keySigns';
import type { KeySpace, KeySpaceView } from './keySpace';
import type { OwnLookups } from './ownLookups';
import { explainRefusal, movedTo } from './refusal';
import { type Answer, NAME, type RedisSession, askDatabase, askRedis } from './session';

/** What looking at keys leaves of the round. */
const KEEP_MS = 700;

/** The newest entries of the slow log. */
const SLOW_COMMANDS = 32;
/** Whether the latency monitor is on changes when somebody changes it: rounds look this often, … */
const DOCTOR_MS = 60_000;
/** … and those that nobody asked for this often. */
const DOCTOR_UNASKED_MS = 600_000;
/** What checks read of INFO; the other sections cost the server more than these. */
const SECTIONS = [
  ...['server', 'clients', 'memory', 'persistence', 'stats', 'replication', 'errorstats', 'cluster', 'keyspace'],
];

export interface ReadOptions {
  readonly config: RedisTargetConfig;
  readonly keySpace: KeySpace;
  readonly lookups: OwnLookups;
  readonly deadline: Deadline;
  readonly now: number;
  readonly user: string;
  /** Somebody asks for these checks now: what is known of the keys is not enough. */
  readonly forced: boolean;
  /** Nobody waits for this round. */
  readonly unasked: boolean;
  /** Nothing was found among the keys lately. */
  readonly fine: boolean;
}

/** INFO takes more than one section from this version on. https://redis.io/docs/latest/commands/info/#history */
const SECTIONS_SINCE = 7;

/** Classes in which the server answers nothing else either. */
const SHUT = new Set(['loading', 'busy', 'auth', 'master-down', 'unknown']);

/** Rejects only when the connection is lost or silent. */
export async function readServer(
  session: RedisSession,
  { config, keySpace, lookups, deadline, now, user, forced, unasked, fine }: ReadOptions
): Promise<{ readonly reached: RedisReached; readonly context?: RedisCheckContext }> {
  const startedAt = performance.now();
  const [pong = null] = await askRedis(session, deadline, [['PING']]);
  const pingMs = elapsedMs(startedAt);
  const doctorMs = forced ? 0 : unasked ? DOCTOR_UNASKED_MS : DOCTOR_MS;
  const isFresh = session.doctor !== undefined && startedAt - session.doctor.at < doctorMs;
  const doctor = isFresh ? session.doctor?.said : undefined;
  const [info = null, slowlog = null, latencyLatest = null, latencyDoctor = doctor ?? null] = await askRedis(
    session,
    deadline,
    [
      session.takesSections ? ['INFO', ...SECTIONS] : ['INFO'],
      ['SLOWLOG', 'GET', String(SLOW_COMMANDS)],
      ['LATENCY', 'LATEST'],
      ...(doctor === undefined ? [['LATENCY', 'DOCTOR']] : []),
    ]
  );
  if (doctor === undefined) {
    session.doctor = latencyDoctor instanceof Error ? undefined : { said: latencyDoctor, at: startedAt };
  }
  const refused = typeof info === 'string' ? undefined : info instanceof Error ? info : new Error('INFO gave no text');
  const refusal = refused === undefined ? undefined : classifyRedis(refused);
  if (refusal !== undefined && SHUT.has(refusal.class)) {
    // BUSY and LOADING refuse INFO too.
    return { reached: { ...refusal, latencyMs: pingMs, user } };
  }
  const [slowlogLength = null] =
    Array.isArray(slowlog) && slowlog.length < SLOW_COMMANDS
      ? [slowlog.length]
      : await askRedis(session, deadline, [['SLOWLOG', 'LEN']]);
  const fields = parseInfo(typeof info === 'string' ? info : '');
  session.takesSections = Number.parseInt(fields.get('redis_version') ?? '', 10) >= SECTIONS_SINCE;
  const replicaRefusal = await readReplica(session, deadline, fields);

  const ask: RedisCheckContext['ask'] = (commands) => askRedis(session, deadline, commands);
  const askIn: RedisCheckContext['askIn'] = async (database, commands, encoding) => {
    const answers = await askDatabase(session, deadline, database, commands, encoding);
    lookups.count(commands, answers);
    return replicaRefusal === undefined ? answers : answers.map((each) => instead(each, replicaRefusal));
  };
  let looked: Promise<KeySpaceView> | undefined;
  const keySpaceOf = async (): Promise<KeySpaceView> => {
    const databases = new Map(
      refused === undefined
        ? [...databasesOf(fields)].map(([database, { keys }]) => [database, keys])
        : [[config.database, Number((await askIn(config.database, [['DBSIZE']]))[0]) || 0]]
    );
    return keySpace.look((database, commands) => askIn(database, commands, 'latin1'), databases, {
      ...{ now, forced, unasked, fine, signs: keySignsOf(fields) },
      leftMs: deadline.left() - KEEP_MS,
    });
  };
  return {
    reached: { ...classOfAnswer(pong, fields), latencyMs: pingMs, user },
    context: {
      get info() {
        if (refused !== undefined) {
          throw refused;
        }
        return fields;
      },
      ...{ pingMs, slowlogLength, slowlog, latencyLatest, latencyDoctor },
      self: { name: NAME, address: session.connection.localAddress(), lookups },
      ...{ ask, askIn },
      explain: (error, privilege) => explainRefusal(error, { user, privilege }),
      database: config.database,
      lists: config.lists,
      hashes: config.hashes,
      expiring: config.expiring,
      keySpace: () => (looked ??= keySpaceOf()),
      now,
    },
  };
}

/** A replica of a cluster sends everybody to its master, unless a connection says that it only reads. Answers its refusal. */
async function readReplica(
  session: RedisSession,
  deadline: Deadline,
  info: ReadonlyMap<string, string>
): Promise<Error | undefined> {
  if (info.get('cluster_enabled') !== '1' || info.get('role') !== 'slave' || session.readsReplica) {
    return undefined;
  }
  const [answer] = await askRedis(session, deadline, [['READONLY']]);
  if (!(answer instanceof Error)) {
    session.readsReplica = true;
    return undefined;
  }
  return answer;
}

/** On a replica that may not be read, a redirection to another node is replaced by the refusal. */
const instead = (answer: Answer, refusal: Error): Answer =>
  answer instanceof Error && movedTo(answer.message) !== undefined ? refusal : answer;

function classOfAnswer(pong: Answer, info: ReadonlyMap<string, string>): RedisFailure {
  if (pong instanceof Error) {
    return classifyRedis(pong);
  }
  if (info.get('loading') === '1') {
    const [done, left] = [infoNumber(info, 'loading_loaded_perc'), infoNumber(info, 'loading_eta_seconds')];
    const progress = done === null ? '' : `: ${Math.round(done)} % done, about ${left ?? '?'} s left`;
    return { class: 'loading', message: `the server reads its data from disk${progress}` };
  }
  const [connected, max] = [infoNumber(info, 'connected_clients'), infoNumber(info, 'maxclients')];
  return connected !== null && max !== null && max > 0 && connected >= max
    ? { class: 'max-clients', message: `${connected} of ${max} clients: new ones are rejected` }
    : { class: 'ok', message: 'answers' };
}
