/** One query for many components: what is asked, and who reads which part of the answer. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { instantiate, judgeAll, plan, type BoundPack, type Component, type Reading } from '../../src/index';
import { NOW } from '../makePack';
import { database, KINDS, service, workload } from './makeEstate';

const bounds = (...components: readonly Component[]): BoundPack[] => components.map((each) => instantiate(each, KINDS));
const failed = (made: readonly BoundPack[]) => plan(made).queries.filter(({ expr }) => expr.includes('failed{'));
const answer = (samples: ReadonlyArray<{ value: number; labels: Record<string, string> }>): Reading => ({
  ...{ kind: 'samples', samples, askedAt: NOW, tookMs: 1 },
});

describe('the plan of many components', () => {
  it('asks once for all of a kind, and picks them by their labels', () => {
    expect(failed(bounds(service('cart'), service('a.b'), service('shop', { namespace: 'eu' })))).toEqual([
      expect.objectContaining({
        expr: 'sum by (job, namespace) (rate(failed{ job=~"a\\\\.b|cart|shop",namespace=~"|eu" }[5m]))',
        signals: ['cart/errors', 'a.b/errors', 'shop/errors'],
      }),
    ]);
  });

  it('names one component by equality', () => {
    expect(failed(bounds(service('say "hi"')))[0]?.expr).toBe(
      'sum by (job, namespace) (rate(failed{ job="say \\"hi\\"",namespace="" }[5m]))'
    );
  });

  it('has at most a hundred components in a query, so that its text stays short', () => {
    const many = Array.from({ length: 250 }, (_, index) => service(`s${index}`));
    expect(failed(bounds(...many)).map(({ signals }) => signals.length)).toEqual([100, 100, 50]);
  });

  it('asks each target of the diagnostics service by itself, and leaves out what has none', () => {
    const asked = plan(bounds(database('one'), database('two', '')));
    expect(asked.queries.filter(({ source }) => source === 'diagnostics').map(({ target }) => target)).toEqual([
      'one-target',
    ]);
    expect(asked.unplanned).toEqual([]);
  });
});

describe('the pods of many deployments', () => {
  /** The text of the query for pods of these deployments, `[namespace, name]`, and the pattern that reads the name off a pod's. */
  const asked = (deployments: ReadonlyArray<readonly [string, string]>) => {
    const queries = plan(bounds(...deployments.map(([namespace, name]) => workload(name, namespace)))).queries;
    const { expr = '' } = queries[0] ?? {};
    expect(queries).toHaveLength(1);
    return expr;
  };
  const whole = (pattern: string) => new RegExp(`^(?:${pattern.replaceAll('\\\\', '\\')})$`);
  /** Which of the pods the query picks, by the deployment to whose answer each is counted. */
  const read = (expr: string, pods: ReadonlyArray<readonly [string, string]>) => {
    const [, namespace = '', pod = '', owner = ''] =
      /namespace=~?"([^"]*)",pod=~"([^"]*)".*"pod", "([^"]*)"/.exec(expr) ?? [];
    return pods
      .filter(([in_, name]) => whole(namespace).test(in_) && whole(pod).test(name))
      .map(([in_, name]) => `${in_}/${whole(owner).exec(name)?.[1] ?? ''}: ${name}`);
  };

  it('are picked by the names of all, and read by the name of each', () => {
    const expr = asked([
      ['eu', 'cart'],
      ['eu', 'cart.v2'],
    ]);
    expect(expr).toContain('{ namespace="eu",pod=~"(?:cart|cart\\\\.v2)-[');
    const pods = [
      ['eu', 'cart-7d9f8b6c5-x2k4q'],
      ['eu', 'cart.v2-7d9f8b6c5-24567'],
      ['eu', 'cart-canary-7d9f8b6c5-x2k4q'],
      ['us', 'cart-7d9f8b6c5-x2k4q'],
    ] as const;
    expect(read(expr, pods)).toEqual(['eu/cart: cart-7d9f8b6c5-x2k4q', 'eu/cart.v2: cart.v2-7d9f8b6c5-24567']);
  });

  it('belong to the same deployment as when each is asked alone', () => {
    // Names and ends of pods of letters that may be either, so that one deployment is often named like the beginning of another.
    const word = fc.stringMatching(/^[b-d2-4]{1,5}$/);
    const name = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join('-'));
    const namespace = fc.constantFrom('eu', 'us');
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(namespace, name), { minLength: 1, maxLength: 5, selector: (pair) => pair.join('/') }),
        fc.array(fc.tuple(fc.nat(4), namespace, fc.stringMatching(/^[b-d2-4]{1,10}-[b-d2-4]{4,5}$/)), { maxLength: 8 }),
        (deployments, ends) => {
          const pods = ends.map(([index, in_, end]) => {
            const [, base] = deployments[index % deployments.length] ?? ['', ''];
            return [in_, `${base}-${end}`] as const;
          });
          const own = deployments.map(([in_, each]) => `${in_}/${each}: `);
          const together = read(asked(deployments), pods).filter((line) => own.some((start) => line.startsWith(start)));
          const alone = deployments.flatMap((each) => read(asked([each]), pods));
          expect(together.sort()).toEqual(alone.sort());
        }
      )
    );
  });
});

describe('an answer that many components share', () => {
  it('is read by each as far as it is its own; a stranger in it is nobody`s, and who is not in it has no series', () => {
    const made = bounds(service('cart'), service('cart-eu', { job: 'cart', namespace: 'eu' }), service('quiet'));
    const asked = plan(made);
    const readings = new Map(
      asked.queries.map(({ id }) => [
        id,
        answer([
          { value: 3, labels: { job: 'cart' } },
          { value: 7, labels: { job: 'cart', namespace: 'eu' } },
          { value: 9, labels: { job: 'quiet', namespace: 'eu' } },
        ]),
      ])
    );
    const outcomes = judgeAll(made, asked, readings, NOW);
    expect(outcomes.get('cart/errors')).toMatchObject({ state: 'present', value: 3, rows: [{ value: 3 }] });
    expect(outcomes.get('cart-eu/errors')).toMatchObject({ state: 'present', value: 7 });
    expect(outcomes.get('quiet/errors')).toMatchObject({ state: 'unknown', reason: 'no-series' });
  });

  it('gives the same outcomes as one question for each', () => {
    const values = fc.dictionary(
      fc.constantFrom('a', 'b', 'c', 'd'),
      fc.record({ value: fc.double({ min: -5, max: 5, noNaN: true }), namespace: fc.constantFrom('', 'eu', 'us') })
    );
    fc.assert(
      fc.property(values, (found) => {
        const components = ['a', 'b', 'c'].flatMap((job) =>
          ['', 'eu'].map((namespace) =>
            service(`${job}${namespace}`, { job, ...(namespace === '' ? {} : { namespace }) })
          )
        );
        const samples = Object.entries(found).map(([job, { value, namespace }]) => ({
          value,
          labels: { job, ...(namespace === '' ? {} : { namespace }) } as Record<string, string>,
        }));
        const judged = (made: readonly BoundPack[], seen: typeof samples) => {
          const asked = plan(made);
          return judgeAll(made, asked, new Map(asked.queries.map(({ id }) => [id, answer(seen)])), NOW);
        };
        const together = judged(bounds(...components), samples);
        for (const component of components) {
          const { job = '', namespace = '' } = component.kinds[0]?.is ?? {};
          const own = samples.filter(({ labels }) => labels.job === job && (labels.namespace ?? '') === namespace);
          for (const [key, outcome] of judged(bounds(component), own)) {
            expect([key, together.get(key)]).toEqual([key, outcome]);
          }
        }
      })
    );
  });
});
