import { describe, expect, it } from 'vitest';

import { formatBytes, formatDuration, formatNumber, formatPercent, formatRate, formatUnit } from '../src/index';
import { compileSentence, renderSentence } from '../src/wording/sentence';
import { absent, present, unknown } from './makePack';

const found = {
  m: present('m', {
    value: 0.123,
    unit: 'percentunit',
    rows: [
      { route: '/a', bytes: 1536, x: '', call: 'at = now() WHERE' },
      { route: '/b' },
      { route: '/a' },
      { route: '/c' },
      { route: '/d' },
    ],
  }),
  gone: absent('gone', { value: 2, unit: 's' }),
  misconf: absent('misconf', { rows: [{ class: 'ok' }] }),
  down: present('down', { rows: [{ class: 'too-many-clients', policy: 'allkeys-lru' }, { class: 'brand-new' }] }),
  blind: unknown('blind'),
};
const say = (text: string) =>
  renderSentence(compileSentence(text), {
    param: (name) => (name === 'ns' ? 'prod' : undefined),
    outcome: (id) => found[id as keyof typeof found],
  });

describe('sentences', () => {
  it.each([
    ['{{m}} of {{ns}}', '12 % of prod'],
    ['{{m.route}}', '/a'],
    ['{{m.bytes | bytes}}', '1.5 KiB'],
    ['{{m | list(route)}}', '/a, /b, /c and 1 more'],
    ['{{m.route | list}}', '/a, /b, /c and 1 more'],
    ['{{gone | duration}}', '2 s'],
    ['a[[ b {{blind}}]] c', 'a c'],
    ['a ([[{{blind}}]]) c', 'a c'],
    ['it cannot save[[; it refuses writes ({{misconf.class}})]]', 'it cannot save'],
    ['it does not answer ({{down.class}})', 'it does not answer (its limit of connections is reached)'],
    ['{{down | list(class)}}', 'its limit of connections is reached and brand new'],
    ['policy {{down.policy}}', 'policy allkeys-lru'],
    ['set {{m.call}}', 'set at = now() WHERE'],
    ['a[[ b {{m.nope}}]][[ d {{m.route}}]]', 'a d /a'],
    ['{{blind}} waits', 'an unknown blind waits'],
    ['{{m.idleSeconds | duration}}', 'an unknown idle seconds'],
    ['{{m.x}}', 'an unknown x'],
    ['{{m.route | count}}', 'an unknown route'],
    ['a ([[{{m.nope}} of it]]), b', 'a, b'],
    ['{{ .line }}', '{{ .line }}'],
  ])('%s → %s', (text, expected) => {
    expect(say(text)).toBe(expected);
  });
});

describe('numbers', () => {
  it.each([
    [formatDuration(0.38), '380 ms'],
    [formatDuration(2.04), '2 s'],
    [formatDuration(45), '45 s'],
    [formatDuration(11.572), '11.6 s'],
    [formatDuration(59.97), '1 min'],
    [formatDuration(90), '1 min 30 s'],
    [formatDuration(380), '6 min 20 s'],
    [formatDuration(725), '12 min 5 s'],
    [formatDuration(3599.9), '1 h'],
    [formatDuration(86_399), '1 d'],
    [formatDuration(7500), '2 h 5 min'],
    [formatDuration(200_000), '2 d 8 h'],
    [formatDuration(Infinity), 'infinite'],
    [formatBytes(1.5 * 2 ** 30), '1.5 GiB'],
    [formatBytes(512), '512 B'],
    [formatPercent(0.005), '0.5 %'],
    [formatPercent(0.123), '12 %'],
    [formatPercent(0.997), '99.7 %'],
    [formatPercent(0.9999), '99.9 %'],
    [formatPercent(1), '100 %'],
    [formatRate(85.6), '85.6/s'],
    [formatRate(0.485), '1 every 2 s'],
    [formatRate(0.998), '1/s'],
    [formatRate(0.8), '1 every 1.3 s'],
    [formatRate(0, 'request'), '0 requests/s'],
    [formatRate(0.05, 'request'), '1 request every 20 s'],
    [formatNumber(1234567), '1,234,567'],
    [formatNumber(0.012345), '0.0123'],
    [formatNumber(NaN), 'no number'],
    [formatUnit(3, 'reqps'), '3 requests/s'],
    [formatUnit(1500, 'ms'), '1.5 s'],
    [formatUnit(3, 'widgets'), '3 widgets'],
  ])('%s', (actual, expected) => {
    expect(actual).toBe(expected);
  });
});
