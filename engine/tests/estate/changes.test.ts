/** What changed, told against the beginning of the trouble: before and after only where that is certain. */
import { describe, expect, it } from 'vitest';

import {
  bind,
  changesAt,
  diagnose,
  judgeAll,
  onsetBounds,
  onsetKeys,
  plan,
  type Outcome,
  type Reading,
  type Signal,
} from '../../src/index';
import { absent, cause, evidence, NOW, pack, present, runbook, signal, unknown } from '../makePack';

const asked = (expr: string, more: Partial<Signal>): Partial<Signal> => ({
  query: { source: 'prometheus', expr },
  ...more,
});
const shop = {
  ...pack(
    [
      runbook(
        'errors',
        ['failing', 'waiting'],
        [cause('deploy', [evidence('version', 'strong'), evidence('failing', 'weak')], { at: 'api' })],
        { of: 'api' }
      ),
    ],
    [
      signal('failing', asked('rate(failed[{{window}}])', { effect: 'errors', at: 'api', test: { above: 0.1 } })),
      signal('waiting', {
        ...{ query: { source: 'diagnostics', check: 'postgres.blocking', target: 'db', read: { field: 'waiting' } } },
        ...{ effect: 'latency', at: 'db' },
      }),
      signal('version', asked('version', { at: 'api', change: { says: 'version {{version.name}} runs' } })),
      signal('surge', asked('surge', { at: 'db', change: { says: 'the load grew' } })),
      signal('elsewhere', asked('elsewhere', { at: 'mail', change: { says: 'mail changed' } })),
      signal('fact', asked('fact', { at: 'api', change: {} })),
    ],
    { window: { title: 'Window', kind: 'duration', default: '2m', required: true } }
  ),
  components: ['api', 'db', 'mail'].map((id) => ({ id, title: `the ${id}`, kinds: [] })),
  arrows: [{ from: 'api', to: 'db', origin: 'declared' as const }],
};
const bounds = [bind(shop, {})];
const NEW = present('version', { rows: [{ name: '2.0' }] });

/** `quiet`: seconds before now at which a signal was last seen not to be there; what is not named was never seen so. */
function changed(given: readonly Outcome[], quiet: Readonly<Record<string, number>> = {}) {
  const all = ['version', 'surge', 'elsewhere', 'fact', 'failing', 'waiting'].map((id) => absent(id));
  const outcomes = new Map([...all, ...given].map((outcome) => [`p/${outcome.signal}`, outcome]));
  const diagnosis = diagnose(bounds[0]!, 'errors', outcomes, NOW);
  const around = { bounds, outcomes };
  const once = onsetBounds(bounds, onsetKeys([diagnosis], around));
  const questions = plan(once);
  const readings = new Map(
    questions.queries.map(({ id, signals: [key = ''] }): [string, Reading] => {
      const ago = quiet[key.slice(2)];
      const samples = ago === undefined ? [] : [{ value: NOW / 1000 - ago, labels: {} }];
      return [id, { kind: 'samples', samples, askedAt: NOW, tookMs: 1 }];
    })
  );
  const found = changesAt(diagnosis, around, judgeAll(once, questions, readings, NOW));
  return { found, asks: questions.queries.map(({ expr }) => expr) };
}
const orders = (...args: Parameters<typeof changed>) =>
  changed(...args).found?.changes.map(({ what, order }) => `${order}: ${what}`);

describe('a change', () => {
  it('was before the trouble when it was over before the trouble can have begun', () => {
    // The rate over two minutes shows up to two minutes late what began.
    expect(orders([present('failing'), NEW], { version: 600, failing: 120 })).toEqual(['before: Version 2.0 runs']);
    expect(orders([present('failing'), NEW], { version: 200, failing: 120 })).toEqual(['unclear: Version 2.0 runs']);
  });

  it('was after the trouble when that had surely begun', () => {
    expect(orders([present('failing'), NEW], { version: 60, failing: 600 })).toEqual(['after: Version 2.0 runs']);
  });

  it('is neither where one of the two moments is not known', () => {
    expect(orders([present('failing'), NEW], { failing: 60 })).toEqual(['unclear: Version 2.0 runs']);
    const { found } = changed([present('failing'), NEW], { version: 600 });
    expect(found).toMatchObject({ changes: [{ order: 'unclear' }] });
    expect(found).not.toHaveProperty('onset');
  });

  it('is not before the trouble while a symptom may have been there for ever', () => {
    const since = NOW - 60_000;
    const both = [present('failing'), present('waiting', { since }), NEW];
    expect(orders(both, { version: 900 })).toEqual(['unclear: Version 2.0 runs']);
    expect(orders(both, { version: 900, failing: 100 })).toEqual(['before: Version 2.0 runs']);
  });

  it('is told of the component and of what it depends on, and of nothing else, those before first', () => {
    const given = [present('failing'), NEW, present('surge'), present('elsewhere'), present('fact')];
    const { found } = changed(given, { version: 30, surge: 1200, failing: 400 });
    expect(found?.changes.map(({ where, order }) => [where, order])).toEqual([
      ['the db', 'before'],
      ['the api', 'after'],
    ]);
  });

  it('that could not be asked is not known, and one that was not there is nothing', () => {
    expect(changed([present('failing'), unknown('version')]).found).toEqual({
      changes: [],
      unknown: [{ what: 'Signal version', where: 'the api' }],
    });
  });

  it('is told only while something is wrong', () => {
    expect(changed([NEW]).found).toBeUndefined();
  });

  it('costs a question only where there is one', () => {
    expect(changed([present('failing')]).asks).toEqual([]);
    expect(changed([present('failing'), NEW]).asks).toEqual([
      'max_over_time(timestamp(max (rate(failed[2m])) <= 0.1)[1h:30s])',
      'max_over_time(timestamp(max (version) <= 0)[1h:30s])',
    ]);
  });

  it('makes nobody likely by having been before', () => {
    const outcomes = new Map([present('failing'), NEW].map((outcome) => [`p/${outcome.signal}`, outcome]));
    expect(diagnose(bounds[0]!, 'errors', outcomes, NOW).causes[0]?.verdict).not.toBe('likely');
  });
});
