/** The one runner of rounds: the order of its steps, and what stands when a session is lost on the way. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Finding, defineCheck } from '../src/model/check';
import { fact } from '../src/model/fact';
import { type OnSession, type Probed, checkedTarget } from '../src/rounds/checkedTarget';
import { checkIn } from './rig/client';

interface Reached {
  readonly class: string;
  readonly message: string;
}
type Context = string;

const check = (id: string, find: (context: Context) => Promise<Finding>) =>
  defineCheck({
    ...{ id, title: id, kind: 'tcp' as const, asks: 'nothing', value: fact.count('things') },
    ...{ fields: {}, rows: {}, mend: 'Nothing.', privilege: 'none', options: z.strictObject({}) },
    make: () => async (context: Context) => ({ ...(await find(context)), fields: {}, rows: {} }),
  });
const availability = defineCheck({
  ...{ id: 'test.availability', title: 'Up', kind: 'tcp' as const, asks: 'nothing', value: fact.count('1 up, 0 down') },
  ...{ fields: {}, rows: {}, mend: 'Start it.', privilege: 'none', below: true },
  options: z.strictObject({ critical: z.number().default(0) }),
  make:
    () =>
    ({ class: failureClass, message }: Reached) =>
      Promise.resolve({ value: failureClass === 'ok' ? 1 : 0, summary: message, fields: {} }),
});
const says = (summary: string): Finding => ({ value: 0, summary, fields: {} });

const OK: Reached = { class: 'ok', message: 'answers' };
const LOST: Reached = { class: 'reset', message: 'the session was lost' };

/** A target with the checks test.first and test.second, each of which says what it read. */
function target(
  reach: () => Probed<Reached, Context> | OnSession<Reached, Context>,
  first: (context: Context) => Promise<Finding> = (context) => Promise.resolve(says(`first ${context}`))
) {
  return checkedTarget<Reached, Context>({
    ...{ kind: 'tcp', id: 'shop', title: undefined, settings: {}, availability },
    asked: [check('test.first', first), check('test.second', (context) => Promise.resolve(says(`second ${context}`)))],
    reach: async () => reach(),
    broken: (message) => ({ class: 'unknown', message }),
    mend: () => 'Start the server.',
  });
}
/** A session that writes down what is called, and is as `more` says. */
function session(more: Partial<OnSession<Reached, Context>> = {}) {
  const steps: string[] = [];
  const given: OnSession<Reached, Context> = {
    context: 'asked',
    ask: (each) => each.run('asked'),
    lost: () => Promise.resolve(undefined),
    settle: () => Promise.resolve({ reached: OK, isVoid: false }),
    end: () => Promise.resolve(),
    ...more,
  };
  const noted: OnSession<Reached, Context> = {
    ...given,
    ask: (each) => (steps.push(each.description.id), given.ask(each)),
    settle: () => (steps.push('settle'), given.settle()),
    end: () => (steps.push('end'), given.end()),
  };
  return { steps, given: noted };
}
const summaries = async (of: ReturnType<typeof target>) =>
  (await of.take({ budgetMs: 5000 })).checks.map(({ summary }) => summary);

describe('a probe', () => {
  test('is read by every check', async () => {
    expect(await summaries(target(() => ({ reached: OK, context: 'read' })))).toEqual([
      ...['answers', 'first read', 'second read'],
    ]);
  });

  test('that brought nothing leaves the checks unknown, with what to do', async () => {
    const round = await target(() => ({ reached: { class: 'refused', message: 'nothing listens' } })).take({
      budgetMs: 5000,
    });
    expect(round).toMatchObject({ class: 'refused', state: 'critical' });
    expect(checkIn(round, 'test.first')).toMatchObject({
      ...{ state: 'unknown', reason: 'query-error', mend: 'Start the server.' },
      summary: expect.stringMatching(/^not asked: /),
    });
  });

  test('that is defective is class unknown, and no round is rejected', async () => {
    const round = await target(() => {
      throw new Error('a defect');
    }).take({ budgetMs: 5000 });
    expect(round).toMatchObject({ class: 'unknown', state: 'critical' });
    expect(checkIn(round, 'test.availability').summary).toBe('a defect');
  });
});

describe('a session', () => {
  test('is asked check by check, settled after the last, and ended', async () => {
    const { steps, given } = session();
    expect(await summaries(target(() => given))).toEqual(['answers', 'first asked', 'second asked']);
    expect(steps).toEqual(['test.first', 'test.second', 'settle', 'end']);
  });

  test('that is lost after a check keeps its answer, and the others are not asked', async () => {
    const { steps, given } = session({ lost: () => Promise.resolve(LOST) });
    const [, first, second] = await summaries(target(() => given));
    expect(first).toBe('first asked');
    expect(second).toMatch(/^not asked: .*the session was lost$/);
    expect(steps).toEqual(['test.first', 'settle', 'end']);
  });

  test('of a server that is being stopped: no answer stands', async () => {
    const { given } = session({ settle: () => Promise.resolve({ reached: LOST, isVoid: true }) });
    const round = await target(() => given).take({ budgetMs: 5000 });
    expect(round.class).toBe('reset');
    expect(checkIn(round, 'test.first').state).toBe('unknown');
    expect(checkIn(round, 'test.second').state).toBe('unknown');
  });

  test('what may take long is asked when all checks have answered, and the first answer stands when it fails', async () => {
    const { steps, given } = session();
    const later = (finish: () => Promise<Finding>) => () => Promise.resolve({ ...says('first, quickly'), finish });
    const thorough = later(() => (steps.push('finish'), Promise.resolve(says('first, thoroughly'))));
    expect(await summaries(target(() => given, thorough))).toContain('first, thoroughly');
    expect(steps).toEqual(['test.first', 'test.second', 'settle', 'finish', 'end']);
    const failing = later(() => Promise.reject(new Error('too slow')));
    expect(await summaries(target(() => session().given, failing))).toContain('first, quickly');
  });
});
