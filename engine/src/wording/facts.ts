/** Outcomes in words: what was found, and what was not checked and why. */
import { capitalise } from './capitalise';
import { reasonWords } from './mend';
import type { Outcome } from '../model/outcome';
import type { Signal } from '../model/pack';
import { thresholdOf } from '../thresholdOf';
import { formatCount, formatUnit } from './units';

/** "Share of 5xx answers: 12 % (above 1 %)", "…: 0.2 % (limit 1 %)", "Redis does not answer: no", "…: not checked, Loki is not configured". */
export function outcomeWords(signal: Signal, outcome: Outcome): string {
  const { title, query } = signal;
  if (outcome.state === 'unknown') {
    return `${title}: not checked, ${reasonWords(outcome.reason ?? 'cancelled', query.source)}`;
  }
  const present = outcome.state === 'present';
  const { value } = outcome;
  if (value === undefined || statesAFact(signal)) {
    const many = present && value !== undefined && value > 1 && countsThings(signal);
    return many ? `${title}: ${formatCount(value)}` : present ? title : `${title}: no`;
  }
  const limit = thresholdOf(signal.test);
  // A limit of nothing goes without saying.
  const bar =
    limit === undefined || limit === 0
      ? ''
      : ` (${present ? ('above' in signal.test ? 'above' : 'below') : 'limit'} ${formatUnit(limit, signal.unit)})`;
  return `${title}: ${formatUnit(value, outcome.unit ?? signal.unit)}${bar}`;
}

/** The title of such a signal is true or not, and its number adds nothing: rows that match, an alert, up or down. */
function statesAFact(signal: Signal): boolean {
  const { test, unit } = signal;
  return (
    countsThings(signal) ||
    thresholdOf(signal.test) === undefined ||
    (unit === 'short' && 'below' in test && test.below === 1)
  );
}

function countsThings({ query }: Signal): boolean {
  return (
    query.source === 'alert' || query.source === 'manual' || (query.source === 'diagnostics' && 'rows' in query.read)
  );
}

/** "3 of 41 signals were not checked. Loki is not configured for them: Set up Loki …"; undefined when all were. One outcome a signal. */
export function notChecked(
  signals: ReadonlyArray<{ readonly signal: Signal }>,
  outcomes: readonly Outcome[]
): string | undefined {
  const groups = new Map<string, { words: string; mend: string; count: number }>();
  let unknown = 0;
  let total = 0;
  for (let index = 0; index < signals.length; index++) {
    const signal = signals[index]?.signal;
    const outcome = outcomes[index];
    if (signal === undefined || outcome === undefined || outcome.reason === 'not-applicable') {
      continue;
    }
    total++;
    if (outcome.state !== 'unknown') {
      continue;
    }
    unknown++;
    const words = reasonWords(outcome.reason ?? 'cancelled', signal.query.source);
    const group = groups.get(words);
    if (group) {
      group.count++;
    } else {
      groups.set(words, { words, mend: outcome.mend ?? '', count: 1 });
    }
  }
  if (unknown === 0) {
    return undefined;
  }
  const reasons = [...groups.values()]
    .sort((a, b) => b.count - a.count || (a.words < b.words ? -1 : 1))
    .map(
      ({ words, mend, count }) =>
        `${words}${groups.size > 1 ? ` (${count})` : ''}${mend === '' ? '' : `: ${mend.replace(/\.$/, '')}`}`
    );
  return `${unknown} of ${total} signals ${unknown === 1 ? 'was' : 'were'} not checked. ${reasons.map(capitalise).join('. ')}.`;
}
