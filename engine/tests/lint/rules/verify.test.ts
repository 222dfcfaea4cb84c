import { expect, it } from 'vitest';

import { lintFix } from './lintFix';

const ROLLOUT = 'shell: kubectl rollout undo deployment/api -n shop';

it('wants the twin of a signal that has one', () => {
  expect(
    lintFix(ROLLOUT, 'takes: 1m', 'verify: { signal: errors, becomes: absent, within: 1h, says: fewer }').join()
  ).toContain('verify on its twin `errors-recent`');
});

it('wants time for the command and for the window of the signal', () => {
  const within = (time: string) =>
    lintFix(ROLLOUT, 'takes: 5m', `verify: { signal: errors-recent, becomes: absent, within: ${time}, says: fewer }`);
  expect(within('5m').join()).toContain('shows it 1 min 15 s later: within is at least 6 min 15 s');
  expect(within('375s')).toEqual([]);
  const rate = 'verify: { signal: slow, becomes: absent, within: 59s, says: fewer }';
  expect(lintFix('shell: "true"', rate).join()).toContain('within is at least 1 min');
});

it('wants nothing to be verified of what only reads', () => {
  expect(
    lintFix(
      'shell: "true"',
      'kind: read',
      'risk: safe',
      'verify: { signal: slow, becomes: absent, within: 60s, says: x }'
    ).join()
  ).toContain('has nothing to verify');
});
