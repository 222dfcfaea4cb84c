import type { GivenOutcome } from '../../model/pack';
import type { Linted } from './rules/rule';

/**
 * What a given outcome says of whether the server of its check is up: in its row, and by being present. The words of an
 * availability check for a server that serves are those of the catalogue.
 */
export function isServing(id: string, { row, state }: GivenOutcome, { loaded, checks }: Linted): boolean[] {
  const signal = loaded.pack.signals[id];
  const query = signal?.query;
  const serving = query?.source === 'diagnostics' ? checks?.[query.check]?.fields['class']?.serving : undefined;
  if (signal === undefined || query?.source !== 'diagnostics' || serving === undefined) {
    return [];
  }
  const says: boolean[] = [];
  if (typeof row?.['class'] === 'string') {
    says.push(serving.includes(row['class']));
  }
  if (row?.['up'] !== undefined) {
    says.push(Boolean(row['up']));
  }
  const field = 'field' in query.read ? query.read.field : undefined;
  if (field === 'up' && state !== 'unknown') {
    says.push(state === 'absent');
  } else if (field === 'class' && state === 'present') {
    const { test } = signal;
    const words = 'is' in test ? [test.is] : 'oneOf' in test ? test.oneOf : [];
    const ups = new Set(words.map((word) => serving.includes(String(word))));
    says.push(...(ups.size === 1 ? ups : []));
  }
  return says;
}
