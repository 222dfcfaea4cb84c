import { firstValueFrom, lastValueFrom, throwError, toArray } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { testPack } from '../testing/pack';
import {
  allUnknown,
  blocking,
  fakeSources,
  healthy,
  idleRoot,
  lockedUp,
  NOW,
  steppedSources,
  value,
} from '../testing/readings';
import { evaluate } from './evaluate';
import { bindPacks, runbookQuestion, triageQuestion } from './question';

const bounds = bindPacks([testPack()], {}, {});
const question = triageQuestion(bounds, undefined);
const clock = () => NOW;

const last = (answers: typeof healthy) => lastValueFrom(evaluate(fakeSources({ answers }), question, clock));

describe('an evaluation', () => {
  it('begins at once with nothing known and claims nothing', async () => {
    const first = await firstValueFrom(evaluate(fakeSources({ answers: healthy }), question, clock));
    expect(first.progress).toMatchObject({ answered: 0, total: question.plan.queries.length, done: false });
    expect(first.triage.state).toBe('cannot-assess');
    expect([...first.outcomes.values()].filter((o) => o.state !== 'unknown')).toEqual([]);
  });

  it('ends with the cause, its sentence filled with live facts', async () => {
    const evaluation = await last(lockedUp);
    expect(evaluation.progress).toMatchObject({ answered: question.plan.queries.length, done: true });
    expect(evaluation.triage.suspects[0]).toMatchObject({ runbook: 'locks', cause: 'idle-holder', verdict: 'likely' });
    expect(evaluation.triage.suspects[0]?.says).toContain('4711');
    expect(evaluation.triage.suspects[0]?.says).toContain('14');
  });

  it('says that nothing is wrong only when everything was answered', async () => {
    expect((await last(healthy)).triage.state).toBe('nothing-wrong');
    expect((await last(allUnknown)).triage.state).toBe('cannot-assess');
  });

  it('judges answers as they arrive and does not wait for the slowest', () => {
    vi.useFakeTimers();
    try {
      const sources = steppedSources();
      const seen: Array<{ answered: number; top: string | undefined }> = [];
      const subscription = evaluate(sources, question, clock).subscribe((e) =>
        seen.push({ answered: e.progress.answered, top: e.triage.suspects[0]?.cause })
      );
      const diagnostics = question.plan.queries.find((q) => q.source === 'diagnostics');
      sources.answers.next({ query: diagnostics?.id ?? '', reading: blocking(14, [idleRoot]) });
      vi.advanceTimersByTime(200);
      expect(seen.at(-1)).toEqual({ answered: 1, top: 'idle-holder' });
      subscription.unsubscribe();
      expect(sources.cancelled()).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it('turns a query without an answer into an unknown, and keeps no answer of the round before for it', async () => {
    const before = (await last(healthy)).readings;
    const silent = { evaluate: () => throwError(() => new Error('the network is gone')) };
    const evaluations = await lastValueFrom(evaluate(silent, question, clock, before).pipe(toArray()));
    expect(evaluations[0]?.triage.state).toBe('nothing-wrong');
    const end = evaluations.at(-1);
    expect(end?.triage.state).toBe('cannot-assess');
    expect([...(end?.outcomes.values() ?? [])].every((o) => o.state === 'unknown')).toBe(true);
    expect([...(end?.outcomes.values() ?? [])][0]?.detail).toContain('the network is gone');
  });

  it('asks the past when the question is about the past', async () => {
    const sources = fakeSources({ answers: healthy });
    const at = NOW - 600_000;
    const evaluation = await lastValueFrom(evaluate(sources, triageQuestion(bounds, at), clock));
    expect(sources.evaluated).toEqual([expect.objectContaining({ at })]);
    expect(evaluation.judgedAt).toBe(at);
  });
});

describe('the question of one runbook', () => {
  it('asks only what its page needs', () => {
    const [bound] = bounds;
    const one = runbookQuestion(bound!, 'disk', undefined);
    expect(one.plan.queries.map((q) => q.expr)).toEqual(['disk_used_ratio']);
  });

  it('carries the parameters of the link into the queries', () => {
    const [bound] = bindPacks([testPack()], { params: { shop: { window: '2m' } } }, { window: '90s' });
    const [configured] = bindPacks([testPack()], { params: { shop: { window: '2m' } } }, {});
    const exprs = (b: typeof bound) =>
      triageQuestion([b!], undefined)
        .plan.queries.map((q) => q.expr)
        .join();
    expect(exprs(bound)).toContain('[90s]');
    expect(exprs(configured)).toContain('[2m]');
  });
});

describe('an answer', () => {
  it('that is exactly at the threshold is not above it', async () => {
    const evaluation = await last((q) => (q.expr === 'disk_used_ratio' ? value(0.9) : healthy(q)));
    expect(evaluation.outcomes.get('shop/disk-full')?.state).toBe('absent');
  });
});
