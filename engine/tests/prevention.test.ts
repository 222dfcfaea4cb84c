import { describe, expect, it } from 'vitest';
import { alertHold, alertThreshold, type BoundPack, type Prevention } from '../src';

const bound = (values: Record<string, string>, usual?: string) =>
  ({ pack: { params: usual ? { hold: { default: usual } } : {} }, values }) as unknown as BoundPack;
const holding = (time: string) => ({ for: time }) as Prevention;

describe('how long an alert holds', () => {
  it.each([
    ['the parameter', '{{hold}}', { hold: '10s' }, '5m', '10s'],
    ['a time of its own, at the usual hold', '2m', { hold: '5m' }, '5m', '2m'],
    ['in proportion to a shorter hold', '2m', { hold: '10s' }, '5m', '4s'],
    ['in proportion to a longer hold', '2m', { hold: '1h' }, '5m', '24m'],
    ['a time of its own, in a pack without hold', '90s', {}, undefined, '90s'],
    ['not known, without a value', '{{ hold }}', {}, '5m', undefined],
  ])('%s', (_name, time, values, usual, expected) => {
    expect(alertHold(bound(values as never, usual), holding(time))).toBe(expected);
  });
});

describe('the threshold of an alert', () => {
  it.each([
    [{ above: 1, critical: 5 }, 'critical', 5],
    [{ above: 1, critical: 5 }, 'warning', 1],
    [{ above: 1 }, 'critical', 1],
    [{ below: 1, critical: 0.5 }, 'critical', 0.5],
    [{ is: 3 }, 'critical', 3],
    [{ isNot: 'x' }, 'warning', undefined],
    [{ oneOf: [1, 2] }, 'critical', undefined],
  ] as const)('%j of a %s alert', (test, severity, expected) => {
    expect(alertThreshold(test, severity)).toBe(expected);
  });
});
