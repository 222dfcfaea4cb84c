import { afterEach, describe, expect, it, vi } from 'vitest';
import { lastValueFrom, toArray } from 'rxjs';
import type { PlannedQuery } from '@live-runbooks/engine';
import type { Answer, Ask, AskRequest } from '../src';
import { answerEach, fakeAsk, planned, planOf, readingsOf, sourcesWith, targetsOf } from './recorded';

/** A second, the default, is short on a machine that is busy with something else. */
const SOON = { timeout: 120_000 };

function many(source: 'prometheus' | 'loki', count: number): PlannedQuery[] {
  return Array.from({ length: count }, (_, index) => planned({ id: `${source}_${index}`, source, expr: `m${index}` }));
}

/** An `ask` whose answers the test gives when it wants to. */
function heldAsk() {
  const held: Array<{ request: AskRequest; signal: AbortSignal; answer: (answer: Answer) => void }> = [];
  const ask: Ask = (request, signal) => new Promise((resolve) => held.push({ request, signal, answer: resolve }));
  return { ask, held };
}

const idsOf = (request: AskRequest) => targetsOf(request).map((target) => target.refId);

afterEach(() => {
  vi.useRealTimers();
});

describe('requests', () => {
  it("keeps the plan's groups, asks what is in none, and nothing twice", async () => {
    const ask = fakeAsk((request) => answerEach(request, 1));
    const [a, b, c, ...rest] = many('loki', 10) as [PlannedQuery, PlannedQuery, PlannedQuery, ...PlannedQuery[]];
    const plan = {
      queries: [a, b, c, ...rest],
      requests: [
        { source: 'loki' as const, queries: [a, b] },
        { source: 'loki' as const, queries: [b, ...rest] },
      ],
      unplanned: [],
    };
    const readings = await readingsOf(sourcesWith(ask), plan);
    expect(ask.requests.map(idsOf)).toEqual([
      ['loki_0', 'loki_1'],
      ['loki_3', 'loki_4', 'loki_5', 'loki_6', 'loki_7', 'loki_8', 'loki_9'],
      ['loki_2'],
    ]);
    expect(Object.keys(readings)).toHaveLength(10);
  });

  it('asks nothing for an empty plan, and completes', async () => {
    const ask = fakeAsk((request) => answerEach(request, 1));
    expect(await readingsOf(sourcesWith(ask), planOf())).toEqual({});
    expect(ask.requests).toEqual([]);
  });

  it('asks an equal question once while it is under way, and gives it up when nobody waits for it', async () => {
    const { ask, held } = heldAsk();
    const sources = sourcesWith(ask);
    const plan = planOf(...many('prometheus', 1));
    const [one, two, three] = [1, 2, 3].map(() => sources.evaluate(plan));
    const first = one?.subscribe();
    const second = two ? lastValueFrom(two) : undefined;
    expect(held).toHaveLength(1);
    first?.unsubscribe();
    expect(held[0]?.signal.aborted).toBe(false);
    held[0]?.answer(answerEach(held[0].request, 1));
    expect(await second).toMatchObject({ reading: { kind: 'samples' } });
    // Answered: the next one asks again.
    three?.subscribe().unsubscribe();
    expect(held).toHaveLength(2);
    expect(held[1]?.signal.aborted).toBe(true);
    const again = lastValueFrom(sources.evaluate(plan));
    expect(held).toHaveLength(3);
    held[2]?.answer(answerEach(held[2].request, 2));
    expect(await again).toMatchObject({ reading: { samples: [{ value: 2 }] } });
  });

  it('asks nothing before somebody subscribes, and again for each who does', async () => {
    const ask = fakeAsk((request) => answerEach(request, 1));
    const stream = sourcesWith(ask).evaluate(planOf(...many('prometheus', 1)));
    expect(ask.requests).toHaveLength(0);
    await lastValueFrom(stream);
    await lastValueFrom(stream);
    expect(ask.requests).toHaveLength(2);
  });
});

describe('streaming', () => {
  it('emits what has arrived while a slow request is still under way', async () => {
    const { ask, held } = heldAsk();
    const sources = sourcesWith(ask);
    const seen: string[] = [];
    let completed = false;
    sources.evaluate(planOf(...many('prometheus', 2), ...many('loki', 1))).subscribe({
      next: (told) => seen.push('query' in told ? told.query : told.beside),
      complete: () => (completed = true),
    });
    expect(held).toHaveLength(2);
    expect(sources.requests()).toEqual({ sent: 2, running: 2 });

    const [slow, fast] = held as [(typeof held)[0], (typeof held)[0]];
    fast.answer(answerEach(fast.request, 1));
    await vi.waitFor(() => expect(seen).toEqual(['loki_0']), SOON);
    expect(completed).toBe(false);
    expect(sources.requests().running).toBe(1);

    slow.answer(answerEach(slow.request, 1));
    await vi.waitFor(() => expect(completed).toBe(true), SOON);
    expect(seen).toEqual(['loki_0', 'prometheus_0', 'prometheus_1']);
  });

  it('gives the same readings in whatever order the answers arrive', async () => {
    const run = async (reversed: boolean) => {
      const { ask, held } = heldAsk();
      const all = lastValueFrom(
        sourcesWith(ask)
          .evaluate(planOf(...many('prometheus', 30), ...many('loki', 8)))
          .pipe(toArray())
      );
      for (const { request, answer } of reversed ? [...held].reverse() : held) {
        answer(answerEach(request, targetsOf(request).length));
      }
      return new Map((await all).flatMap((told) => ('query' in told ? [[told.query, told.reading] as const] : [])));
    };
    const forwards = await run(false);
    expect(forwards.size).toBe(38);
    expect(await run(true)).toEqual(forwards);
  });

  it('one failing request leaves the others alone', async () => {
    const ask = fakeAsk((request) => {
      if (idsOf(request).includes('loki_0')) {
        throw new Error('reset');
      }
      return answerEach(request, 1);
    });
    expect(await readingsOf(sourcesWith(ask), planOf(...many('prometheus', 1), ...many('loki', 1)))).toMatchObject({
      prometheus_0: { kind: 'samples' },
      loki_0: { kind: 'failure' },
    });
  });
});

describe('cancelling', () => {
  it('aborts every request under way, and says nothing more', async () => {
    const { ask, held } = heldAsk();
    const sources = sourcesWith(ask);
    const seen: unknown[] = [];
    const subscription = sources
      .evaluate(
        planOf(
          ...many('prometheus', 25),
          ...many('loki', 1),
          planned({ id: 'd', source: 'diagnostics', target: 'pg', check: 'postgres.availability' }),
          planned({ id: 'a', source: 'alert' })
        )
      )
      .subscribe({ next: (reading) => seen.push(reading), complete: () => seen.push('complete') });
    expect(held).toHaveLength(1 + 1 + 1 + 3);
    expect(held.filter(({ signal }) => signal.aborted)).toEqual([]);

    subscription.unsubscribe();
    expect(held.filter(({ signal }) => !signal.aborted)).toEqual([]);
    for (const { request, answer } of held) {
      answer(request.body ? answerEach(request, 1) : { status: 200, body: {} });
    }
    await vi.waitFor(() => expect(sources.requests().running).toBe(0), SOON);
    expect(seen).toEqual([]);
  });

  it('leaves no timer behind', async () => {
    vi.useFakeTimers();
    const { ask, held } = heldAsk();
    const subscription = sourcesWith(ask)
      .evaluate(planOf(...many('prometheus', 1)))
      .subscribe();
    expect(vi.getTimerCount()).toBe(1);
    subscription.unsubscribe();
    await vi.waitFor(() => expect(held[0]!.signal.aborted).toBe(true), SOON);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the deadline', () => {
  it('is kept for each request by itself, even by a client that ignores its signal', async () => {
    vi.useFakeTimers();
    const { ask, held } = heldAsk();
    let time = 1_000_000;
    const seen: unknown[] = [];
    sourcesWith(ask, { timeoutMs: 3_000, now: () => time })
      .evaluate(planOf(...many('prometheus', 1), ...many('loki', 1)))
      .subscribe({ next: (reading) => seen.push(reading), complete: () => seen.push('complete') });
    held[1]!.answer(answerEach(held[1]!.request, 1));
    await vi.advanceTimersByTimeAsync(2_999);
    expect(seen).toMatchObject([{ query: 'loki_0' }]);
    time += 3_000;
    await vi.advanceTimersByTimeAsync(1);
    expect(seen.slice(1)).toEqual([
      {
        query: 'prometheus_0',
        reading: {
          kind: 'failure',
          reason: 'timeout',
          detail: 'no answer from Prometheus within 3 s',
          mend: 'Check the load of Prometheus and of Grafana, then refresh.',
          askedAt: 1_000_000,
          tookMs: 3_000,
        },
      },
      'complete',
    ]);
    expect(held[0]!.signal.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});
