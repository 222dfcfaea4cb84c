/**
 * Every command of every pack runs as it is printed: it is filled by the engine and then run. Shell runs in bash, with
 * stand-ins for kubectl, curl and go that take only what the real ones take, and with real clients of a real Postgres and
 * Redis; SQL runs in psql, by a role that may do what the fix says that it needs, and no more.
 */
import type { BoundPack, FilledFix } from '@live-runbooks/engine';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { startRedis, type RedisServer } from '../../demo/src/servers';
import { APPLICATION_ROLE, Database } from './database';
import { EVERY_FIX, bindAll, fillWith, type PackFix } from './everyFix';
import { RedisCli } from './redisCli';
import { LAST, SITUATIONS, idleApplication, type Estate, type Prepare, type Situation } from './situations';
import { Terminal, type Cluster, type Ran } from './terminal';

const NAMESPACE = 'shop';
const PACKS = [...bindAll({}).values()];
const DATABASES = PACKS.map(({ values }) => values.database ?? '');

let estate: Estate;
let server: RedisServer;
let terminal: Terminal;
let bounds: ReadonlyMap<string, BoundPack>;

beforeAll(async () => {
  const database = await Database.start(DATABASES);
  server = await startRedis({ config: { maxmemory: '64mb', maxclients: '100', 'busy-reply-threshold': '100' } });
  estate = { database, redis: new RedisCli(server) };
  terminal = new Terminal();
  bounds = bindAll({
    namespace: NAMESPACE,
    postgres_host: database.address.host,
    postgres_port: database.address.port,
    redis_host: server.host,
    redis_port: String(server.port),
  });
  for (const name of DATABASES) {
    await (await database.session(name, APPLICATION_ROLE, idleApplication(name))).query('SELECT 1');
  }
  database.keepSessions();
});
afterEach(() => estate.database.endSessions());
afterAll(async () => {
  terminal?.dispose();
  estate?.redis.disconnect();
  await Promise.all([estate?.database.dispose(), server?.dispose()]);
});

/** The workloads that a pack names; every pod has a second container beside the named one. */
function clusterOf({ values }: BoundPack, replicas: number): Cluster {
  const workload = (kind: 'deployment' | 'statefulset', thing: string, of: string) => {
    const name = values[`${thing}_${of}`];
    return name === undefined
      ? []
      : [
          {
            kind,
            name,
            labels: values[`${thing}_pods`] ?? '',
            containers: [values[`${thing}_container`] ?? name, 'sidecar'],
            replicas,
          },
        ];
  };
  return {
    namespace: NAMESPACE,
    workloads: [
      ...workload('deployment', 'api', 'deployment'),
      ...workload('deployment', 'worker', 'deployment'),
      ...workload('deployment', 'redis', 'deployment'),
      ...workload('statefulset', 'postgres', 'deployment'),
    ],
  };
}

async function gone(pid: number): Promise<void> {
  const deadline = Date.now() + 60_000;
  const runs = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  while (runs() && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  if (runs()) {
    process.kill(pid, 'SIGKILL');
    expect.fail('the port-forward still runs');
  }
}

async function runShell(bound: BoundPack, { command }: FilledFix, { replicas = 2, calls }: Situation): Promise<Ran> {
  expect(terminal.syntax(command)).toBe('');
  const ran = await terminal.run(command, clusterOf(bound, replicas));
  if (ran.forward !== undefined) {
    await gone(ran.forward);
  }
  expect(ran.refused).toBe('');
  expect(ran.stderr).not.toMatch(/command not found|syntax error|invalid option|[Uu]sage:/);
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  // redis-cli ends with 0 whatever Redis answers.
  expect(ran.stdout).not.toMatch(/^(ERR|WRONGTYPE|NOAUTH|NOPERM|BUSY|Unrecognized option)\b/m);
  if (calls !== undefined) {
    expect(ran.calls).toMatch(calls);
  }
  return ran;
}

async function runSql(bound: BoundPack, { command, where = '' }: FilledFix): Promise<string> {
  const [, address, database = '', words = ''] = /^(\S+), database (.+), as (.+)$/.exec(where) ?? [];
  const { host, port } = estate.database.address;
  expect(address, where).toBe(`${host}:${port}`);
  expect(database).toBe(bound.values.database);
  const ran = await estate.database.psql(database, await estate.database.roleOf(words, database), command);
  expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: '' });
  return ran.stdout;
}

async function run(each: PackFix, prepare: Prepare): Promise<void> {
  const bound = bounds.get(each.pack);
  if (bound === undefined) {
    throw new Error(`the pack ${each.pack} is not bound`);
  }
  const situation = await prepare(estate, bound);
  const filled = fillWith(bound, each, situation);
  expect(filled).toMatchObject({ missing: [], complete: true, ready: true });
  let printed: string;
  let ran: Ran | undefined;
  if (filled.fix.language === 'shell') {
    ran = await runShell(bound, filled, situation);
    printed = ran.stdout + Object.values(ran.files).join('');
  } else if (filled.fix.language === 'sql') {
    printed = await runSql(bound, filled);
  } else {
    throw new Error(`nothing here can run a command in ${filled.fix.language}`);
  }
  expect(printed).toMatch(situation.prints ?? /\S/);
  await situation.after?.(ran);
}

const named = (fixes: readonly PackFix[]) => fixes.map((each) => [`${each.pack} ${each.fix.id}`, each] as const);
const commands = EVERY_FIX.filter(({ fix }) => fix.language !== 'text');
const advice = EVERY_FIX.filter(({ fix }) => fix.language === 'text');

describe('the command of', () => {
  // What waits for time to pass comes last.
  const ordered = [...commands].sort((a, b) => Number(a.fix.id === LAST) - Number(b.fix.id === LAST));

  it.each(named(ordered))('%s runs as it is printed', async (_, each) => {
    const situations = SITUATIONS[each.fix.id] ?? (() => ({}));
    for (const prepare of [situations].flat()) {
      await run(each, prepare);
    }
  });
});

describe('the advice of', () => {
  it.each(named(advice))('%s has no command', (_, { fix }) => {
    expect(fix).toMatchObject({ kind: expect.stringMatching(/^(read|permanent)$/) });
    expect(fix.command).not.toMatch(/\b(kubectl|redis-cli|psql|curl) |\bSELECT .+ FROM\b/);
  });
});

it('has a situation for no fix that is gone', () => {
  const ids = new Set(commands.map(({ fix }) => fix.id));
  expect(Object.keys(SITUATIONS).filter((id) => !ids.has(id))).toEqual([]);
});

it('says what a pipeline or a fact has to come to', () => {
  const told = commands.filter(({ fix }) => /[^|]\|[^|]|\{\{[\w-]+\./.test(fix.command) && fix.language === 'shell');
  expect(told.filter(({ fix }) => !Object.hasOwn(SITUATIONS, fix.id)).map(({ fix }) => fix.id)).toEqual([]);
});
