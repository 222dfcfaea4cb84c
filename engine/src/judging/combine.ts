/** Signals that are made of the outcomes of others. */
import { valueOf } from './arithmetic';
import { outcome, unknown } from './outcomeOf';
import { settle } from './requires';
import type { Home } from './routes';
import type { Outcome } from '../model/outcome';

/**
 * Puts the outcome of a signal that combines others beside theirs. It is known only when all of them are; below its floor it does not
 * apply, which is neither absent nor unknown.
 */
export function combineInto(
  { key, bound, signal }: Home,
  homes: ReadonlyMap<string, Home>,
  outcomes: Map<string, Outcome>,
  settled: Set<string>
): void {
  const { query } = signal;
  if (query.source !== 'combine') {
    return;
  }
  const parts = Object.entries(query.of).map(([name, id]) => {
    const partKey = `${bound.pack.id}/${id}`;
    settle(partKey, homes, outcomes, settled);
    return { name, title: homes.get(partKey)?.signal.title ?? id, found: outcomes.get(partKey) };
  });
  const askedAt = Math.min(...parts.map(({ found }) => found?.askedAt ?? 0));
  const missing = parts.find(
    ({ found }) => found?.state === undefined || found.state === 'unknown' || found.value === undefined
  );
  if (missing !== undefined) {
    const { reason = 'cancelled', mend } = missing.found ?? {};
    const detail = `is made of "${missing.title}", which is unknown`;
    outcomes.set(key, unknown(signal, reason, { detail, askedAt, ...(mend === undefined ? {} : { mend }) }));
    return;
  }
  const values = new Map(parts.map(({ name, found }) => [name, found?.value ?? NaN]));
  const low = Object.entries(query.floor).find(([name, least]) => (values.get(name) ?? NaN) < least);
  if (low !== undefined) {
    const title = parts.find(({ name }) => name === low[0])?.title ?? low[0];
    const detail = `judged from ${low[1]} on: ${title}`;
    outcomes.set(key, unknown(signal, 'not-applicable', { detail, mend: 'Nothing to do.', askedAt }));
    return;
  }
  const value = valueOf(query.expr, values);
  outcomes.set(
    key,
    Number.isFinite(value)
      ? outcome(signal, value, [], { askedAt, tookMs: 0 })
      : unknown(signal, 'no-series', { detail: 'the answer is no number (0/0)', askedAt })
  );
}
