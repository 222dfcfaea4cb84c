import { describe, expect, it } from 'vitest';
import { amount, durationInWords } from './amounts';
import { sentence, unbroken } from './sentence';

describe('amounts', () => {
  it.each([
    [0.1, 'short', '0.1'],
    [100, 'short', '100'],
    [10_000, 'short', '10 K'],
    [0.05, 'percentunit', '5 %'],
    [0.125, 'percentunit', '12.5 %'],
    [189, 's', '3 min 9 s'],
    [300, 's', '5 min'],
    [1.5, 's', '1.5 s'],
    [-120, 's', '-2 min'],
    [1024 ** 3, 'bytes', '1 GiB'],
    [NaN, 's', 'not a number'],
    [undefined, 's', 'unknown'],
  ])('%s in %s is %s', (value, unit, words) => expect(amount(value, unit)).toBe(words));

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
