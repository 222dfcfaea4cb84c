/** Who may ask, what may be asked, one round for everybody, and no secret in any answer or log line. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckResult } from '@live-runbooks/engine';
import { allChecks } from '../src/checks';
import type { Round } from '../src/model/round';
import { type PostgresRig, noSecondSession, postgresRig } from './rig/postgres';
import { type RedisRig, redisRig } from './rig/redis';
import { ask, holds, roundOf, runCheck, until } from './rig/client';
import { PG_PASSWORD, REDIS_PASSWORD, TOKEN } from './rig/secrets';
import { type TestService, serve } from './rig/service';
import { atMost } from './rig/atMost';

let postgres: PostgresRig;
let redis: RedisRig;
let service: TestService;

beforeAll(async () => {
  postgres = await postgresRig();
  redis = await redisRig();
  service = await serve([postgres.target(), redis.target({ lists: [{ name: 'queue', key: 'q' }] })]);
});
afterAll(async () => {
  await service.close();
  await postgres.dispose();
  await redis.dispose();
});

const metric = async (line: RegExp): Promise<number> => {
  const { body } = await ask<string>(service, '/metrics');
  return Number(line.exec(body)?.[1] ?? NaN);
};

describe('token', () => {
  const protectedPaths = ['/metrics', '/openapi.json', '/v1/targets', '/v1/rounds', '/v1/checks', '/nowhere'];
  const wrong: Array<[string, Record<string, string>]> = [
    ['none', {}],
    ['empty', { authorization: '' }],
    ['only the scheme', { authorization: 'Bearer' }],
    ['empty bearer', { authorization: 'Bearer ' }],
    ['wrong', { authorization: 'Bearer wrong-token-0123456789' }],
    ['a prefix', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['longer', { authorization: `Bearer ${TOKEN}x` }],
    ['very long', { authorization: `Bearer ${'a'.repeat(10_000)}` }],
    ['twice', { authorization: `Bearer ${TOKEN}, Bearer ${TOKEN}` }],
    ['basic', { authorization: `Basic ${Buffer.from(`x:${TOKEN}`).toString('base64')}` }],
    ['another header', { 'x-token': TOKEN, cookie: `token=${TOKEN}` }],
  ];
  test.each(wrong)('%s is refused with 401 everywhere', async (_, headers) => {
    for (const path of protectedPaths) {
      const response = await fetch(`${service.url}${path}`, { headers });
      expect(response.status, path).toBe(401);
      const body: unknown = await response.json();
      holds('Error', body);
      expect(body).toMatchObject({ error: { code: 'unauthorized', mend: expect.stringContaining('Authorization') } });
    }
    const post = await fetch(`${service.url}/v1/targets/shop-redis/checks/redis.memory`, { method: 'POST', headers });
    expect(post.status).toBe(401);
  });

  test('a token in the URL is no token', async () => {
    expect((await fetch(`${service.url}/v1/targets?token=${TOKEN}`)).status).toBe(401);
  });

  test('healthz needs none', async () => {
    const response = await fetch(`${service.url}/healthz`);
    expect(response.status).toBe(200);
    holds('Health', await response.json());
  });

  test('refusals are counted and logged, without what was sent', async () => {
    await fetch(`${service.url}/v1/targets`, { headers: { authorization: 'Bearer stolen-looking-value' } });
    expect(await metric(/live_runbooks_refusals_total\{code="unauthorized"\} (\d+)/)).toBeGreaterThan(0);
    expect(service.log()).toContain('unauthorized');
    expect(service.log()).not.toContain('stolen-looking-value');
  });
});

describe('answers', () => {
  test('targets, checks, rounds, round and check are as OpenAPI says', async () => {
    const targets = await ask(service, '/v1/targets');
    holds('Targets', targets.body);
    expect(targets.body).toEqual({
      targets: [
        { id: 'shop-postgres', kind: 'postgres', title: 'shop-postgres' },
        { id: 'shop-redis', kind: 'redis', title: 'shop-redis' },
      ],
    });
    const rounds = await ask<{ rounds: Round[] }>(service, '/v1/rounds');
    holds('Rounds', rounds.body);
    expect(rounds.body.rounds.map((round) => round.target)).toEqual(['shop-postgres', 'shop-redis']);
    const one = await ask<{ rounds: Round[] }>(service, '/v1/rounds?targets=shop-redis');
    expect(one.body.rounds.map((round) => round.target)).toEqual(['shop-redis']);
    await roundOf(service, 'shop-postgres');
    await runCheck(service, 'shop-postgres', 'postgres.blocking');
  });

  test('the catalogue describes each check, and each check answers what the catalogue says', async () => {
    const { body } = await ask<{
      checks: Array<{
        id: string;
        kind: string;
        fields: object;
        rows: Record<string, object>;
        mend: string;
        privilege: string;
      }>;
    }>(service, '/v1/checks');
    holds('Catalogue', body);
    expect(body.checks.map((check) => check.id)).toEqual(allChecks.map((check) => check.id));
    expect(new Set(body.checks.map((check) => check.id)).size).toBe(body.checks.length);
    const { body: rounds } = await ask<{ rounds: Round[] }>(service, '/v1/rounds');
    for (const result of rounds.rounds.flatMap((round) => round.checks)) {
      const described = body.checks.find((check) => check.id === result.id);
      expect(described?.mend, result.id).toBeTruthy();
      expect(described?.privilege, result.id).toBeTruthy();
      if (result.id !== 'redis.lists') {
        expect(Object.keys(result.fields).sort(), result.id).toEqual(Object.keys(described?.fields ?? {}).sort());
      }
      expect(Object.keys(result.rows).sort(), result.id).toEqual(Object.keys(described?.rows ?? {}).sort());
      for (const [table, rows] of Object.entries(result.rows)) {
        for (const row of rows) {
          expect(Object.keys(row).sort(), `${result.id} ${table}`).toEqual(
            Object.keys(described?.rows[table] ?? {}).sort()
          );
        }
      }
    }
  });

  test('the document is OpenAPI 3.1 and names every route', async () => {
    const { body } = await ask<{ openapi: string; paths: object; components: { schemas: object } }>(
      service,
      '/openapi.json'
    );
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths)).toEqual([
      '/healthz',
      '/metrics',
      '/openapi.json',
      '/v1/targets',
      '/v1/checks',
      '/v1/rounds',
      '/v1/targets/{id}/round',
      '/v1/targets/{id}/checks/{check}',
      '/v1/targets/{id}/history',
      '/v1/alerts',
      '/v1/alerts/evidence',
      '/v1/incidents',
      '/v1/incidents/{id}',
      '/v1/incidents/{id}/events',
      '/v1/estate',
      '/v1/packs',
    ]);
    const references = [...JSON.stringify(body).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      (found) => found[1]
    );
    expect(references.length).toBeGreaterThan(8);
    expect(Object.keys(body.components.schemas)).toEqual(expect.arrayContaining([...new Set(references)]));
  });

  test('a check that waits for rates says so in the first round, and has them in the second', async () => {
    const fresh = await serve([postgres.target()]);
    try {
      const first = await roundOf(fresh, 'shop-postgres');
      const waiting = first.checks.filter((check) => check.reason === 'no-series').map((check) => check.id);
      expect(waiting).toEqual(
        ['statements', 'deadlocks', 'table_use', 'checkpoints', 'cache_hit', 'temporary_files'].map(
          (id) => `postgres.${id}`
        )
      );
      const second = await until(
        'the second round',
        () => roundOf(fresh, 'shop-postgres'),
        (round) => round.startedAt > first.startedAt
      );
      const unknown = second.checks.filter((check) => check.state === 'unknown');
      expect(unknown.filter((check) => check.reason !== 'not-applicable')).toEqual([]);
    } finally {
      await fresh.close();
    }
  });

  test('since stays while the state stays', async () => {
    const before = await runCheck(service, 'shop-redis', 'redis.memory');
    const after = await runCheck(service, 'shop-redis', 'redis.memory');
    expect(after.since).toBe(before.since);
    expect(after.askedAt).toBeGreaterThanOrEqual(before.askedAt);
  });
});

describe('refused', () => {
  /** As it is on the wire: fetch would tidy the path up. */
  const raw = (path: string, method = 'GET'): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(service.port, '127.0.0.1', () => {
        socket.write(
          `${method} ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\nconnection: close\r\n\r\n`
        );
      });
      let answer = '';
      socket.on('data', (data) => (answer += data.toString()));
      socket.on('end', () => resolve(answer));
      socket.on('error', reject);
    });

  test.each([
    '/v1/targets/../../healthz',
    '/v1/targets/..%2f..%2fhealthz/round',
    '/v1/targets/%2e%2e/round',
    '/v1/targets/shop-postgres%00/round',
    '/v1/targets/shop-postgres/../shop-redis/round',
    '//v1/targets',
    '/v1/targets/',
    '/V1/targets',
    '/v1/targets/__proto__/round',
    '/v1/targets/constructor/round',
    '/v1/rounds?targets=../shop-postgres',
    '/etc/passwd',
  ])('the path %s is not found', async (path) => {
    const answer = await raw(path);
    expect(answer.split('\r\n')[0]).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(answer).toContain('"error"');
    expect(answer).not.toMatch(/at .*\.ts:\d+/);
  });

  test.each([
    [`shop-postgres'; DROP TABLE users; --`, 'postgres.blocking'],
    ['shop-postgres', `postgres.blocking'; SELECT pg_sleep(10); --`],
    ['shop-postgres', `postgres.blocking" OR 1=1`],
    ['shop-postgres', 'redis.memory'],
    ['shop-postgres', 'toString'],
    ['x'.repeat(190), 'postgres.blocking'],
  ])('the target or check %s / %s is unknown', async (target, check) => {
    const { status, body, ms } = await ask(
      service,
      `/v1/targets/${encodeURIComponent(target)}/checks/${encodeURIComponent(check)}`,
      { method: 'POST' }
    );
    expect(status).toBe(404);
    holds('Error', body);
    expect(ms).toBeLessThan(atMost(1000));
  });

  test('an unknown target is named, with what there is', async () => {
    const { status, body } = await ask(service, '/v1/rounds?targets=shop-redis,nowhere');
    expect(status).toBe(404);
    expect(body).toMatchObject({
      error: {
        code: 'unknown-target',
        message: 'there is no target "nowhere"',
        mend: expect.stringContaining('shop-postgres'),
      },
    });
  });

  test('bad queries, methods, and large bodies', async () => {
    for (const query of ['targets=', 'targets=,', 'targets=shop-redis&targets=shop-postgres']) {
      expect((await ask(service, `/v1/rounds?${query}`)).status, query).toBe(400);
    }
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect((await ask(service, '/v1/targets', { method })).status, method).toBe(404);
    }
    const path = '/v1/targets/shop-redis/checks/redis.memory';
    const large = await ask(service, path, { method: 'POST', body: 'x'.repeat(100_000) });
    expect(large.status).toBe(413);
    holds('Error', large.body);
    for (const body of ['', '{}', '{not json', '[1']) {
      const headers = { 'content-type': 'application/json' };
      expect((await ask(service, path, { method: 'POST', body, headers })).status, body).toBe(200);
    }
  });
});

describe('one round for everybody', () => {
  /** Of any class: on a busy machine the server may be late. */
  const rounds = (body: string): number =>
    [...body.matchAll(/^live_runbooks_rounds_total\{target="shop-postgres",class="[^"]*"\} (\d+)$/gm)].reduce(
      (sum, [, count]) => sum + Number(count),
      0
    );

  test('50 viewers at once cause one round, and one connection', async () => {
    const admin = await postgres.admin('observer');
    const calls = async (): Promise<number> => {
      const { rows } = await admin.query<{ n: string }>(
        `SELECT coalesce(sum(calls), 0) AS n FROM pg_stat_statements WHERE query LIKE '%pg_blocking_pids(%'
           AND userid = 'live_runbooks'::regrole`
      );
      return Number(rows[0]?.n ?? 0);
    };
    /** What so many viewers of a fresh service ask of the server; its interval is longer than any machine needs for them. */
    const costOf = async (viewers: number): Promise<number> => {
      const fresh = await serve([postgres.target()], { intervalMs: 60_000 });
      try {
        const before = await calls();
        const answers = await Promise.all(Array.from({ length: viewers }, () => roundOf(fresh, 'shop-postgres')));
        expect(new Set(answers.map((answer) => answer.startedAt)).size).toBe(1);
        expect(rounds((await ask<string>(fresh, '/metrics')).body)).toBe(1);
        // One of the service of this file, one of this test's.
        expect(await postgres.ownSessions()).toBeLessThanOrEqual(2);
        return (await calls()) - before;
      } finally {
        await fresh.close();
      }
    };
    await noSecondSession(postgres);
    const ofOne = await costOf(1);
    expect(ofOne).toBeGreaterThan(0);
    await noSecondSession(postgres);
    expect(await costOf(50)).toBe(ofOne);
  });

  test('50 people who press the same button share runs', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => runCheck(service, 'shop-postgres', 'postgres.connections'))
    );
    // On a busy machine they do not press at quite the same moment.
    expect(new Set(answers.map((answer: CheckResult) => answer.askedAt)).size).toBeLessThanOrEqual(10);
  });

  test('a slow client delays nobody', async () => {
    const slow = connect(service.port, '127.0.0.1', () => slow.write('GET /v1/rounds HTTP/1.1\r\nhost: x\r\nauth'));
    slow.on('error', () => undefined);
    try {
      expect((await roundOf(service, 'shop-redis')).ms).toBeLessThan(atMost(1000));
    } finally {
      slow.destroy();
    }
  });
});

describe('metrics', () => {
  test('each check has one state, and its value', async () => {
    const { body, status } = await ask<string>(service, '/metrics');
    expect(status).toBe(200);
    const states = [
      ...body.matchAll(/live_runbooks_check_state\{target="shop-redis",check="redis.memory",state="(\w+)"\} (\d)/g),
    ];
    expect(states).toHaveLength(4);
    expect(states.filter((found) => found[2] === '1').map((found) => found[1])).toEqual(['ok']);
    expect(body).toMatch(/live_runbooks_check_value\{target="shop-redis",check="redis.availability"\} 1\b/);
    expect(body).toMatch(/live_runbooks_round_duration_seconds_bucket\{le="2",target="shop-postgres"\} \d+/);
    expect(body).toMatch(/live_runbooks_build_info\{version="[\d.]+"\} 1/);
    // No value is no sample, not a zero.
    expect(body).not.toContain('live_runbooks_check_value{target="shop-redis",check="redis.lists"}');
  });

  test('a scrape keeps rounds fresh', async () => {
    const at = /live_runbooks_last_round_timestamp_seconds\{target="shop-redis"\} ([\d.]+)/;
    const before = await metric(at);
    expect(
      await until(
        'a newer round',
        () => metric(at),
        (now) => now > before,
        5000
      )
    ).toBeGreaterThan(before);
  });
});

test('no secret is in any answer or log line', async () => {
  const answers = await Promise.all(
    ['/v1/rounds', '/v1/targets', '/v1/checks', '/metrics', '/openapi.json', '/nowhere'].map((path) =>
      ask(service, path)
    )
  );
  const said = JSON.stringify(answers.map((answer) => answer.body)) + service.log();
  for (const secret of [TOKEN, PG_PASSWORD, REDIS_PASSWORD]) {
    expect(said).not.toContain(secret);
  }
});
