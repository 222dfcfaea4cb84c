import { firstValueFrom, lastValueFrom, throwError, toArray } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { testPack } from '../testing/pack';
import {
  allUnknown,
  blocking,
  blockingCheck,
  fakeSources,
  healthy,
  idleRoot,
  lockedUp,
  NOW,
  SENT_FOR_A_LOOK,
  steppedSources,
  value,
} from '../testing/readings';
import { evaluate } from './evaluate';
import type { Evaluation } from './evaluation';
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

  it('tells the requests that were sent for it, not those that were planned', async () => {
    const sources = fakeSources({ answers: healthy });
    for (const look of [1, 2]) {
      const { progress } = await lastValueFrom(evaluate(sources, question, clock));
      expect([look, progress.requests]).toEqual([look, SENT_FOR_A_LOOK]);
    }
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
    const before = await last(healthy);
    const silent = {
      evaluate: () => throwError(() => new Error('the network is gone')),
      requests: () => ({ sent: 0 }),
    };
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

describe('what no runbook asks about', () => {
  const redRound = (state: 'critical' | 'warning') => ({
    target: 'shop-postgres',
    title: 'Shop Postgres',
    checks: [
      {
        ...blockingCheck(),
        id: 'postgres.durability',
        title: 'Durability',
        state,
        summary: 'fsync is off',
        since: NOW - 60_000,
      },
    ],
  });
  const alert = { name: 'Stranger', labels: { alertname: 'Stranger' }, annotations: {}, source: 'grafana' as const };
  const given = (more: Omit<Parameters<typeof fakeSources>[0], 'answers'>) =>
    lastValueFrom(evaluate(fakeSources({ answers: healthy, ...more }), question, clock));

  it('is a problem when it is critical, and a warning when it warns', async () => {
    const { triage } = await given({ rounds: [redRound('critical')] });
    expect(triage.state).toBe('problem');
    expect(triage.findings).toMatchObject([{ id: 'shop-postgres/postgres.durability', where: 'Shop Postgres' }]);
    expect((await given({ rounds: [redRound('warning')] })).triage.state).toBe('warning');
  });

  it('is a problem when an alert fires that nobody knows', async () => {
    const { triage } = await given({ alerts: { alerts: [alert], problems: [] } });
    expect([triage.state, triage.findings[0]?.title]).toEqual(['problem', 'Stranger']);
  });

  it('is not fine when it could not be read', async () => {
    const unread = [
      { what: 'the alert rules of Prometheus', reason: 'timeout', detail: 'no answer', mend: '' },
    ] as const;
    expect((await given({ unread })).triage.state).toBe('nothing-wrong-found');
  });

  it.each(['rounds', 'alerts'] as const)('is awaited: nothing is whole or fine before the %s arrived', async (part) => {
    vi.useFakeTimers();
    try {
      let latest: Evaluation | undefined;
      const sources = fakeSources({ answers: healthy, missing: [part] });
      const subscription = evaluate(sources, question, clock).subscribe((e) => (latest = e));
      vi.advanceTimersByTime(200);
      expect(latest?.progress).toMatchObject({ answered: question.plan.queries.length, whole: false });
      expect(latest?.triage.state).toBe('nothing-wrong-found');
      subscription.unsubscribe();
    } finally {
      vi.useRealTimers();
    }
  });

  it('belongs to everybody, and what only the runbooks of another pack ask belongs to that pack', async () => {
    const other = testPack();
    const others = bindPacks([{ ...other, id: 'other' }], {}, {});
    const none = bindPacks([{ ...other, runbooks: other.runbooks.filter(({ id }) => id === 'disk') }], {}, {});
    const lockWaits = { ...alert, name: 'LockWaits', labels: { alertname: 'LockWaits' } };
    const of = (asked: typeof question) =>
      lastValueFrom(
        evaluate(fakeSources({ answers: healthy, alerts: { alerts: [alert, lockWaits], problems: [] } }), asked, clock)
      );
    const names = async (asked: typeof question) => (await of(asked)).triage.findings.map(({ id }) => id).sort();
    expect(await names(triageQuestion(none, undefined, others))).toEqual(['Stranger']);
    expect(await names(triageQuestion(none, undefined))).toEqual(['LockWaits', 'Stranger']);
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
