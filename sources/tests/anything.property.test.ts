/** Whatever a server answers: one reading a query, no exception, and never "empty" or "nothing fires" by misreading. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlannedQuery, Reading } from '@live-runbooks/engine';
import { readSamples, readSeries } from '../src/frames';
import { readRules } from '../src/rules';
import { fakeAsk, frame, NOW, planned, planOf, readingsOf, sourcesWith } from './recorded';

const QUERIES: readonly PlannedQuery[] = [
  planned({ id: 'prometheus', source: 'prometheus', expr: 'up' }),
  planned({ id: 'loki', source: 'loki', expr: 'x' }),
  planned({ id: 'diagnostics', source: 'diagnostics', target: 't', check: 'postgres.blocking' }),
  planned({ id: 'alert', source: 'alert' }),
];

const json = fc.jsonValue({ maxDepth: 6 });
const status = fc.oneof(fc.constant(200), fc.integer({ min: 100, max: 599 }));

/** A good answer for every source, with one part of it replaced by anything. */
const mutated = fc
  .tuple(json, fc.integer({ min: 0, max: 40 }))
  .map(([value, index]) => replaceNth(goodBody(), index, value));

function goodBody(): unknown {
  const results = { status: 200, frames: [frame(0, { job: 'x' })] };
  return {
    status: 'success',
    results: { prometheus: results, loki: results },
    data: {
      groups: [{ rules: [{ name: 'A', type: 'alerting', health: 'ok', alerts: [{ labels: {}, state: 'firing' }] }] }],
    },
    rounds: [{ target: 't', kind: 'postgres', checks: [{ id: 'postgres.blocking', state: 'ok' }] }],
  };
}

/** Replaces the n-th node of a tree, counted depth first. */
function replaceNth(tree: unknown, n: number, value: unknown): unknown {
  let count = 0;
  const walk = (node: unknown): unknown => {
    if (count++ === n) {
      return value;
    }
    if (Array.isArray(node)) {
      return node.map(walk);
    }
    return typeof node === 'object' && node !== null
      ? Object.fromEntries(Object.entries(node).map(([key, child]) => [key, walk(child)]))
      : node;
  };
  return walk(tree);
}

async function readAll(answer: { status: number; body: unknown }): Promise<Record<string, Reading>> {
  // A thousand runs without a pause keep the test runner from hearing of this file for longer than it waits.
  await new Promise((resolve) => setImmediate(resolve));
  return readingsOf(sourcesWith(fakeAsk(() => answer)), planOf(...QUERIES));
}

describe('any JSON at all', () => {
  it('gives each query exactly one reading, and never an empty one that was not said', async () => {
    await fc.assert(
      fc.asyncProperty(status, fc.oneof(json, fc.string()), async (code, body) => {
        const readings = await readAll({ status: code, body });
        expect(Object.keys(readings).sort()).toEqual(['alert', 'diagnostics', 'loki', 'prometheus']);
        for (const reading of Object.values(readings)) {
          expect(reading.kind).toBe('failure');
          expect(reading).toMatchObject({ detail: expect.stringMatching(/./), mend: expect.stringMatching(/.{10}/) });
        }
      }),
      { numRuns: 300 }
    );
  });

  it('in place of any part of a good answer, never makes an empty answer of one with a sample', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (body) => {
        const readings = await readAll({ status: 200, body });
        expect(Object.keys(readings)).toHaveLength(4);
        for (const id of ['prometheus', 'loki']) {
          const reading = readings[id]!;
          // Only an explicit "no frames", a frame without fields or one without rows is empty.
          if (reading.kind === 'samples' && reading.samples.length === 0) {
            expect(saysEmpty((body as { results: Record<string, unknown> }).results[id])).toBe(true);
          }
        }
      }),
      { numRuns: 1_000 }
    );
  });
});

/** An oracle of its own, written apart from the parser: the result has no cell anywhere. */
function saysEmpty(result: unknown): boolean {
  const frames = (result as { frames?: unknown }).frames;
  return (
    frames === undefined ||
    (Array.isArray(frames) &&
      frames.every((one: { data: { values: unknown[][] } }) => one.data.values.every((column) => column.length === 0)))
  );
}

describe('frames', () => {
  it('parsing never throws', () => {
    fc.assert(
      fc.property(json, (value) => {
        for (const read of [readSamples, readSeries]) {
          const parsed = read(value);
          if (parsed.ok) {
            expect(value).toEqual([]);
          }
        }
        readRules('grafana', { status: 200, body: { status: 'success', data: { groups: value } } });
      }),
      { numRuns: 500 }
    );
  });

  it('gives back every number and label that a frame holds', () => {
    const label = fc.dictionary(fc.string(), fc.string(), { maxKeys: 4 });
    const sample = fc.tuple(fc.double(), label);
    fc.assert(
      fc.property(fc.array(sample), (samples) => {
        const frames = samples.map(([value, labels]) => {
          const entity = Number.isNaN(value)
            ? 'NaN'
            : value === Infinity
              ? 'Inf'
              : value === -Infinity
                ? 'NegInf'
                : undefined;
          const one = frame(entity ? null : value, labels) as { data: object };
          return entity ? { ...one, data: { ...one.data, entities: [null, { [entity]: [0] }] } } : one;
        });
        expect(readSamples(frames)).toEqual({
          ok: true,
          value: samples.map(([value, labels]) => ({ value, labels: { ...labels }, time: NOW })),
        });
      })
    );
  });
});
