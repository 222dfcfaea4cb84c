/** How far back a signal looks: until that is over, it still shows what was before a fix. */
import { compileFill, fill } from '../fill';
import type { BoundPack } from '../model/bound';
import type { Signal } from '../model/pack';
import { paramValue } from '../plan';
import { millisecondsOf } from '../quoting/quarter';

/** The diagnostics service works rates out over this time, and asks everything else once a round. Seconds. */
const RATE_SECONDS = 60;
const ROUND_SECONDS = 10;

/** Seconds: the longest range of the query, ranges of subqueries added. */
export function windowSeconds(bound: BoundPack, signal: Signal): number {
  const { query } = signal;
  if (query.source === 'diagnostics') {
    const names = 'rows' in query.read ? Object.keys(query.read.where) : [query.read.field];
    return names.some((name) => /Per[A-Z]/.test(name)) ? RATE_SECONDS : ROUND_SECONDS;
  }
  if (query.source !== 'prometheus' && query.source !== 'loki') {
    return 0;
  }
  const language = query.source === 'prometheus' ? 'promql' : 'logql';
  const { text } = fill(compileFill(query.expr, language), (placeholder) => paramValue(bound, placeholder));
  let longest = 0;
  let subqueries = 0;
  for (const [, range = '', step] of text.matchAll(/\[\s*((?:\d+(?:ms|[ywdhms]))+)\s*(:[^\]]*)?\]/g)) {
    if (step === undefined) {
      longest = Math.max(longest, millisecondsOf(range));
    } else {
      subqueries += millisecondsOf(range);
    }
  }
  return (longest + subqueries) / 1000;
}
