import { describe, expect, it } from 'vitest';
import { formatDuration } from '@live-runbooks/engine';
import { duration, durationInWords } from './amounts';
import { sentence, unbroken } from './sentence';

describe('amounts', () => {
  it.each([0.4, 11.572, 45, 90, 380, 7500, 200_000])('%s s reads the same in a sentence and beside it', (seconds) =>
    expect(duration(seconds * 1000)).toBe(formatDuration(Math.round(seconds)))
  );

  it.each([
    ['2m', '2 min'],
    ['90s', '1 min 30 s'],
    ['1h30m', '1 h 30 min'],
    ['7d', '7 d'],
    ['soon', 'soon'],
    ['{{window}}', '{{window}}'],
  ])('the duration %s reads %s', (text, words) => expect(durationInWords(text)).toBe(words));
});

describe('sentences', () => {
  it.each([
    ['no data source is chosen', 'No data source is chosen.'],
    ['Set it!', 'Set it!'],
    ['pg_wal fills', 'pg_wal fills.'],
    ['gorax-api holds 9', 'gorax-api holds 9.'],
    ['', ''],
  ])('%s → %s', (clause, whole) => expect(sentence(clause)).toBe(whole));

  it('keeps numbers with their units, and nothing else', () => {
    expect(unbroken('for 3 min 9 s and 10 sessions, 12 % of 4 s-states')).toBe(
      'for 3\u00a0min 9\u00a0s and 10 sessions, 12\u00a0% of 4 s-states'
    );
  });
});
