import type { BoundPack } from '../model/bound';
import type { Reading } from '../model/outcome';
import type { Signal } from '../model/pack';
import { identityKey, vectorScope } from '../planning/vector';

type Samples = Extract<Reading, { kind: 'samples' }>;

/** By answer and identity labels: the series of each component, sorted out once. */
const sorted = new WeakMap<Samples, Map<string, Map<string, Samples>>>();

/**
 * The component's own series of an answer that many share, without the labels that tell components apart. A series of nobody who
 * asked is nobody's; the answer to a question of one pack is all its own.
 */
export function ownSamples(bound: BoundPack, signal: Signal, reading: Samples): Samples {
  const scope = vectorScope(bound, signal.query);
  const identity = scope === undefined ? undefined : bound.identities?.[scope];
  if (identity === undefined) {
    return reading;
  }
  const labels = Object.keys(identity);
  const byLabels = sorted.get(reading) ?? new Map<string, Map<string, Samples>>();
  sorted.set(reading, byLabels);
  const name = labels.join();
  let parts = byLabels.get(name);
  if (parts === undefined) {
    parts = sortOut(reading, labels);
    byLabels.set(name, parts);
  }
  return parts.get(identityKey(labels, identity)) ?? { ...reading, samples: [] };
}

function sortOut(reading: Samples, labels: readonly string[]): Map<string, Samples> {
  const found = new Map<string, Array<Samples['samples'][number]>>();
  for (const { value, labels: all } of reading.samples) {
    const rest = Object.fromEntries(Object.entries(all).filter(([label]) => !labels.includes(label)));
    const key = identityKey(labels, all);
    const list = found.get(key) ?? [];
    list.push({ value, labels: rest });
    found.set(key, list);
  }
  return new Map([...found].map(([key, samples]) => [key, { ...reading, samples }]));
}
