/** A service that gets too little CPU says so, and accuses nobody of what may be its own slowness. */
import type { CheckResult } from '@live-runbooks/engine';
import { describe, expect, test } from 'vitest';
import type { TakenRound } from '../src/model/round';
import { giveBenefitOfDoubt } from '../src/rounds/benefitOfDoubt';
import { Starvation, watchStarvation } from '../src/rounds/starvation';
import { ask, checkIn, roundOf, runCheck, settledRoundOf } from './rig/client';
import { tcpServer } from './rig/endpoints';
import { serve } from './rig/service';

/** Ticks each 50 ms, all as late and with as much waiting for a CPU. */
const ticked = (
  seconds: number,
  { lagMs = 0, ranMs = 1, waitedMs = 0 }: { lagMs?: number; ranMs?: number; waitedMs?: number } = {}
): Starvation => {
  const starvation = new Starvation();
  for (let tick = 0; tick <= seconds * 20; tick += 1) {
    starvation.tick(tick * 50, lagMs, { ranMs: tick * ranMs, waitedMs: tick * waitedMs });
  }
  return starvation;
};

describe('what is starvation', () => {
  test('a service whose timers come when they should gets enough', () => {
    expect(ticked(10).now(10_000)).toBeNull();
  });

  test('one that has just begun gets enough', () => {
    expect(new Starvation().now(123)).toBeNull();
  });

  test('a timer that comes late, for as long as the window remembers it', () => {
    const starvation = ticked(1);
    starvation.tick(1300, 250, { ranMs: 21, waitedMs: 0 });
    expect(starvation.now(1310)).toEqual({ lagMs: 250, cpuShare: 1, windowSeconds: 1.31 });
    for (let at = 1350; at <= 11_400; at += 50) {
      starvation.tick(at, 0, { ranMs: 30, waitedMs: 0 });
    }
    expect(starvation.now(11_400)).toBeNull();
  });

  test('a timer that should have come counts before it comes', () => {
    expect(ticked(1).now(1060)).toBeNull();
    expect(ticked(1).now(1400)).toMatchObject({ lagMs: 350 });
  });

  test('a thread that waits for a CPU more than it runs', () => {
    expect(ticked(5, { ranMs: 1, waitedMs: 9 }).now(5000)).toEqual({ lagMs: 0, cpuShare: 0.1, windowSeconds: 5 });
  });

  test('short waits of a thread that hardly runs are no starvation, nor is work that gets its CPU', () => {
    expect(ticked(5, { ranMs: 0.3, waitedMs: 0.9 }).now(5000)).toBeNull();
    expect(ticked(5, { ranMs: 30, waitedMs: 10 }).now(5000)).toBeNull();
  });

  test('where the system does not tell how long it waited, the timers do', () => {
    const starvation = new Starvation();
    starvation.tick(0, 0, undefined);
    starvation.tick(2000, 0, undefined);
    expect(starvation.now(2000)).toBeNull();
    starvation.tick(2400, 350, undefined);
    expect(starvation.now(2400)).toEqual({ lagMs: 350, cpuShare: null, windowSeconds: 2.4 });
  });

  test('the real measure sees that its own process was busy', async () => {
    const { starvation, stop } = watchStarvation();
    const until = performance.now() + 400;
    while (performance.now() < until) {}
    expect(starvation.now(performance.now())?.lagMs).toBeGreaterThanOrEqual(300);
    await new Promise((resolve) => setTimeout(resolve, 1));
    stop();
  });
});

const STARVED = { lagMs: 700, cpuShare: 0.1, windowSeconds: 10 };

const made = (id: string, state: CheckResult['state'], over: Partial<CheckResult> = {}): CheckResult => ({
  id,
  title: id,
  state,
  summary: `${id} is ${state}`,
  value: 1,
  unit: 'short',
  threshold: null,
  fields: {},
  rows: {},
  since: null,
  askedAt: 1,
  tookMs: 1,
  ...(state === 'ok' ? {} : { mend: 'mend the server' }),
  ...over,
});
const round = (failureClass: string, checks: CheckResult[], state: TakenRound['state'] = 'critical'): TakenRound => ({
  target: 'shop',
  kind: 'postgres',
  title: 'shop',
  state,
  class: failureClass,
  startedAt: 1,
  tookMs: 1,
  checks,
});
const available = (failureClass: string): CheckResult =>
  made('postgres.availability', failureClass === 'ok' ? 'ok' : 'critical', {
    fields: { up: failureClass === 'ok', class: failureClass },
  });

describe('what it may say meanwhile', () => {
  test.each(['hung', 'hung-postmaster', 'timeout'])('%s: unknown, and it says why', (failureClass) => {
    const blind = made('postgres.blocking', 'unknown', { reason: 'timeout', value: null });
    const doubted = giveBenefitOfDoubt(round(failureClass, [available(failureClass), blind]), STARVED);
    expect(doubted).toMatchObject({ state: 'unknown', class: 'unknown', starved: STARVED });
    for (const check of doubted.checks) {
      expect(check).toMatchObject({ state: 'unknown', reason: 'timeout', value: null });
      expect(check.summary).toMatch(/^this service was starved \(up to 700 ms late, it got 10 % /);
      expect(check.mend).toMatch(/CPU/);
    }
    expect(doubted.checks[0]?.fields).toEqual({ up: null, class: 'unknown' });
  });

  test('what the server said or counted stands', () => {
    const refused = round('refused', [available('refused')]);
    expect(giveBenefitOfDoubt(refused, STARVED)).toEqual({ ...refused, starved: STARVED });
    const blocked = round('ok', [available('ok'), made('postgres.blocking', 'critical', { value: 7 })]);
    expect(giveBenefitOfDoubt(blocked, STARVED)).toEqual({ ...blocked, starved: STARVED });
  });

  test.each(['http.latency', 'redis.latency', 'kms.probe'])('%s is a time that the service measured itself', (id) => {
    const slow = giveBenefitOfDoubt(round('ok', [available('ok'), made(id, 'critical', { value: 1800 })]), STARVED);
    expect(slow.checks[1]).toMatchObject({ state: 'unknown', reason: 'timeout', value: null });
    const fast = giveBenefitOfDoubt(round('ok', [available('ok'), made(id, 'ok', { value: 18 })], 'ok'), STARVED);
    expect(fast).toMatchObject({ state: 'ok', checks: [{ state: 'ok' }, { state: 'ok', value: 18 }] });
  });

  test('with CPU enough, nothing is doubted', () => {
    const hung = round('hung', [available('hung')]);
    expect(giveBenefitOfDoubt(hung, null)).toEqual({ ...hung, starved: null });
  });
});

/** A meter that saw its timer come a minute late a moment ago. */
const late = () => {
  const starvation = new Starvation();
  starvation.tick(performance.now(), 60_000, undefined);
  return { starvation, stop: () => undefined };
};

describe('in the answers of the service', () => {
  test('a server that takes connections and is silent is hung, unless the service starves', async () => {
    const hole = await tcpServer();
    const target = {
      id: 'silent',
      kind: 'postgres',
      host: '127.0.0.1',
      port: hole.port,
      database: 'a',
      user: 'b',
      password: 'not asked for',
    };
    const fed = await serve([target]);
    try {
      expect(await settledRoundOf(fed, 'silent')).toMatchObject({ class: 'hung', state: 'critical', starved: null });
      expect((await ask<object>(fed, '/healthz')).body).toMatchObject({ starved: null });
      expect((await ask<string>(fed, '/metrics')).body).toMatch(/^live_runbooks_starved 0$/m);
    } finally {
      await fed.close();
    }
    const starving = await serve([target], {}, late());
    try {
      const answer = await roundOf(starving, 'silent');
      expect(answer).toMatchObject({ class: 'unknown', state: 'unknown', starved: { lagMs: 60_000 } });
      expect(checkIn(answer, 'postgres.availability').summary).toContain('this service was starved');
      expect(await runCheck(starving, 'silent', 'postgres.blocking')).toMatchObject({ reason: 'timeout' });
      expect((await ask<object>(starving, '/healthz')).body).toMatchObject({ starved: { lagMs: 60_000 } });
      const metrics = (await ask<string>(starving, '/metrics')).body;
      expect(metrics).toMatch(/^live_runbooks_starved 1$/m);
      expect(metrics).toMatch(/^live_runbooks_event_loop_late_seconds 60$/m);
      expect(metrics).toMatch(/^live_runbooks_cpu_share Nan$/im);
    } finally {
      await starving.close();
      await hole.close();
    }
  });
});
