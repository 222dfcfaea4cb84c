/** How far back a signal looks: until that is over, it still shows what was before a fix. */
import { rangesOf } from '../wording/duration';
import { compileFill, fill } from '../quoting/fill';
import type { BoundPack } from '../model/bound';
import type { Signal } from '../model/pack';
import { paramValue } from '../planning/plan';

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
  const ranges = rangesOf(text);
  const longest = Math.max(0, ...ranges.filter(({ subquery }) => !subquery).map(({ ms }) => ms));
  return ranges.filter(({ subquery }) => subquery).reduce((sum, { ms }) => sum + ms, longest) / 1000;
}
