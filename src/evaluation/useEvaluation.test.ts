import { act, renderHook } from '@testing-library/react';
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Plan } from '@live-runbooks/engine';
import { testPack } from '../testing/pack';
import { NOW, value } from '../testing/readings';
import type { Answer, Question } from './evaluation';
import { bindPacks, triageQuestion } from './question';
import { useEvaluation } from './useEvaluation';

const bounds = bindPacks([testPack()], {}, {});
const of = {};
const whole: Question = { ...triageQuestion(bounds, undefined), everything: undefined, of };
const first: Question = {
  ...whole,
  plan: { ...whole.plan, queries: whole.plan.queries.slice(0, 1) },
};

/** Sources that answer when the test says so, each evaluation by itself. */
function slowSources() {
  const plans: Plan[] = [];
  const answers: Array<Subject<Answer>> = [];
  return {
    asked: () => plans.map(({ queries }) => queries.map(({ id }) => id)),
    /** Ends the evaluation: every query is answered. */
    answer: (index: number) =>
      act(() => {
        for (const { id } of plans[index]?.queries ?? []) {
          answers[index]?.next({ query: id, reading: value(0) });
        }
        answers[index]?.complete();
      }),
    sources: {
      evaluate: (plan: Plan) => {
        plans.push(plan);
        const subject = new Subject<Answer>();
        answers.push(subject);
        return subject;
      },
      requests: () => ({ sent: plans.length }),
    },
  };
}

describe('a question that grows', () => {
  const ids = whole.plan.queries.map(({ id }) => id);

  it('while it is answered is asked when the answer is whole, and then only for what is new', () => {
    const { sources, asked, answer } = slowSources();
    const clock = () => NOW;
    const { result, rerender } = renderHook(({ question }) => useEvaluation(sources, question, 0, clock), {
      initialProps: { question: first },
    });
    rerender({ question: whole });
    expect(asked()).toEqual([ids.slice(0, 1)]);
    answer(0);
    expect(asked()).toEqual([ids.slice(0, 1), ids.slice(1)]);
    answer(1);
    expect(result.current.evaluation?.progress).toMatchObject({ answered: ids.length, requests: 2, done: true });
  });

  it('says what all of its answers took, without the time in which nothing was asked', () => {
    const { sources, answer } = slowSources();
    let now = NOW;
    const clock = () => now;
    const { result, rerender } = renderHook(({ question }) => useEvaluation(sources, question, 0, clock), {
      initialProps: { question: first },
    });
    now += 400;
    answer(0);
    now += 5_000;
    rerender({ question: whole });
    now += 300;
    answer(1);
    expect(result.current.evaluation?.progress).toMatchObject({ tookMs: 700, done: true });
  });

  it('is asked at once where it is another question', () => {
    const { sources, asked } = slowSources();
    const clock = () => NOW;
    const { rerender } = renderHook(({ question }) => useEvaluation(sources, question, 0, clock), {
      initialProps: { question: first },
    });
    rerender({ question: { ...whole, of: {} } });
    expect(asked()).toEqual([ids.slice(0, 1), ids]);
  });
});
