import { describe, expect, it } from 'vitest';
import type { Round } from '../../src/model/round';
import type { CheckHistory } from '../../src/recorder/recorder';
import { ask, holds, roundOf, until } from '../rig/client';
import { serviceWithStores } from './serviceWithStores';

interface Past {
  rounds: Round[];
  missing: Array<{ target: string; reason: string; nearest: { before: number | null; after: number | null } }>;
}

describe('the past over HTTP', () => {
  it('answers the rounds in force at a time, also after a restart', async () => {
    const first = await serviceWithStores();
    const round = await roundOf(first, 'gorax-redis');
    const at = round.startedAt + 10;
    const past = async (service: typeof first) => {
      const one = await ask<Round>(service, `/v1/targets/gorax-redis/round?at=${at}`);
      holds('Round', one.body);
      const all = await ask<Past>(service, `/v1/rounds?at=${at}&targets=gorax-redis,nobody`);
      holds('PastRounds', all.body);
      expect(all.body.rounds).toEqual([one.body]);
      expect(all.body.missing).toEqual([
        { target: 'nobody', reason: 'unknown-target', nearest: { before: null, after: null } },
      ]);
      return one.body;
    };
    const { ms: _, ...taken } = round;
    expect(await past(first)).toEqual(taken);
    await first.close();
    expect(await past(await serviceWithStores({}, first.directory))).toEqual(taken);
  });

  it('says when there is nothing, and what is nearest', async () => {
    const service = await serviceWithStores();
    const round = await roundOf(service, 'gorax-redis');
    const early = await ask<{ error: { code: string }; nearest: object }>(
      service,
      `/v1/targets/gorax-redis/round?at=${round.startedAt - 86_400_000}`
    );
    expect(early.status).toBe(404);
    holds('NothingRecorded', early.body);
    expect(early.body.nearest).toMatchObject({ before: null });
    for (const at of ['', 'yesterday', '-1', '1e9', '1&at=2', "1'--", '9'.repeat(16)]) {
      const answer = await ask(service, `/v1/rounds?at=${at}`);
      expect(answer.status, at).toBe(400);
      holds('Error', answer.body);
    }
  });

  it('has one check over time, with the changes, and refuses what it cannot mean', async () => {
    const service = await serviceWithStores();
    const first = await roundOf(service, 'gorax-redis');
    await until(
      'a second round',
      () => roundOf(service, 'gorax-redis'),
      (round) => round.startedAt > first.startedAt
    );
    const history = await ask<CheckHistory>(service, '/v1/targets/gorax-redis/history?check=redis.availability');
    expect(history.status).toBe(200);
    holds('History', history.body);
    expect(history.body.points.length).toBeGreaterThanOrEqual(2);
    expect(history.body.points.every((point) => point.state === 'critical')).toBe(true);
    expect(history.body.changes).toHaveLength(1);
    const status = async (query: string) => {
      const answer = await ask(service, `/v1/targets/${query}`);
      holds('Error', answer.body);
      return [answer.status, (answer.body as { error: { code: string } }).error.code];
    };
    expect(await status('gorax-redis/history')).toEqual([400, 'bad-request']);
    expect(await status('gorax-redis/history?check=redis.availability&from=2&to=1')).toEqual([400, 'bad-request']);
    expect(await status('gorax-redis/history?check=redis.availability&points=3')).toEqual([400, 'bad-request']);
    expect(await status('gorax-redis/history?check=redis.nothing')).toEqual([404, 'unknown-check']);
    expect(await status('gorax-redis/history?check=redis.availability&from=1&to=2')).toEqual([404, 'nothing-recorded']);
    expect(await status('nobody/history?check=redis.availability')).toEqual([404, 'unknown-target']);
  });

  it('lets `since` go on over a restart', async () => {
    const first = await serviceWithStores();
    const before = await roundOf(first, 'gorax-redis');
    await first.close();
    const second = await serviceWithStores({}, first.directory);
    const after = await until(
      'a round after the restart',
      () => roundOf(second, 'gorax-redis'),
      (round) => round.startedAt > before.startedAt
    );
    expect(after.checks.map(({ id, since }) => [id, since])).toEqual(before.checks.map(({ id, since }) => [id, since]));
    expect(before.checks[0]?.since).not.toBeNull();
  });

  it('counts what it records, and is told by healthz', async () => {
    const service = await serviceWithStores();
    await roundOf(service, 'gorax-redis');
    const { body } = await ask<string>(service, '/metrics');
    const value = (name: string) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(body)?.[1]);
    expect(value('live_runbooks_recorded_rounds_total')).toBeGreaterThanOrEqual(2);
    expect(value('live_runbooks_lost_rounds_total')).toBe(0);
    expect(body).toContain('live_runbooks_store_up{store="recorder"} 1');
    const health = await ask(service, '/healthz');
    expect(health.body).toMatchObject({ status: 'ok', stores: { recorder: 'ok', incidents: 'ok' } });
  });
});
