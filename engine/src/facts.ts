/** Outcomes in words: what was found, and what was not checked and why. */
import { reasonWords } from './mend';
import type { Outcome } from './model/outcome';
import type { Signal } from './model/pack';
import { formatUnit } from './units';

/** "Share of 5xx answers: 12 % (above 1 %)", "…: not so (0.2 %)", "…: not checked, Loki is not configured". */
export function outcomeWords(signal: Signal, outcome: Outcome): string {
  if (outcome.state === 'unknown') {
    return `${signal.title}: not checked, ${reasonWords(outcome.reason ?? 'cancelled', signal.query.source)}`;
  }
  const value = outcome.value === undefined ? undefined : formatUnit(outcome.value, outcome.unit ?? signal.unit);
  if (outcome.state === 'absent') {
    return `${signal.title}: not so${value === undefined ? '' : ` (${value})`}`;
  }
  if (value === undefined) {
    return signal.title;
  }
  const { test } = signal;
  const bar =
    'above' in test
      ? ` (above ${formatUnit(test.above, signal.unit)})`
      : 'below' in test
        ? ` (below ${formatUnit(test.below, signal.unit)})`
        : '';
  return `${signal.title}: ${value}${bar}`;
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
  return `${unknown} of ${total} signals ${unknown === 1 ? 'was' : 'were'} not checked. ${reasons.map((text) => text.charAt(0).toUpperCase() + text.slice(1)).join('. ')}.`;
}
