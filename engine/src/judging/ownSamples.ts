import type { BoundPack } from '../model/bound';
import type { Reading } from '../model/outcome';
import type { Signal } from '../model/pack';
import { identityKey, vectorScope, type Identity } from '../planning/vector';

type Samples = Extract<Reading, { kind: 'samples' }>;

/** By what a component finds its own series in an answer that many share. */
export interface OwnSeries {
  /** The labels that tell components apart. */
  readonly labels: readonly string[];
  /** The same text for the same labels. */
  readonly name: string;
  /** The component's values of them. */
  readonly key: string;
}

const known = new WeakMap<Identity, OwnSeries>();

/** Undefined for a signal of which the whole answer is the pack's own. */
export function ownSeriesOf(bound: BoundPack, signal: Signal): OwnSeries | undefined {
  const scope = vectorScope(bound, signal.query);
  const identity = scope === undefined ? undefined : bound.identities?.[scope];
  if (identity === undefined) {
    return undefined;
  }
  let own = known.get(identity);
  if (own === undefined) {
    const labels = Object.keys(identity);
    own = { labels, name: labels.join(), key: identityKey(labels, identity) };
    known.set(identity, own);
  }
  return own;
}

/** By answer and identity labels: the series of each component, sorted out once. */
const sorted = new WeakMap<Samples, Map<string, Map<string, Samples>>>();

/**
 * The component's own series of an answer that many share, without the labels that tell components apart. A series of nobody who
 * asked is nobody's; the answer to a question of one pack is all its own.
 */
export function ownSamples(own: OwnSeries | undefined, reading: Samples): Samples {
  if (own === undefined) {
    return reading;
  }
  let byLabels = sorted.get(reading);
  if (byLabels === undefined) {
    byLabels = new Map<string, Map<string, Samples>>();
    sorted.set(reading, byLabels);
  }
  let parts = byLabels.get(own.name);
  if (parts === undefined) {
    parts = sortOut(reading, own.labels);
    byLabels.set(own.name, parts);
  }
  return parts.get(own.key) ?? { ...reading, samples: [] };
}

function sortOut(reading: Samples, labels: readonly string[]): Map<string, Samples> {
  const found = new Map<string, Samples & { readonly samples: Array<Samples['samples'][number]> }>();
  for (const { value, labels: all } of reading.samples) {
    const rest: Record<string, string> = {};
    for (const label in all) {
      if (!labels.includes(label)) {
        rest[label] = all[label] ?? '';
      }
    }
    const key = identityKey(labels, all);
    const part = found.get(key);
    if (part === undefined) {
      found.set(key, { ...reading, samples: [{ value, labels: rest }] });
    } else {
      part.samples.push({ value, labels: rest });
    }
  }
  return found;
}
