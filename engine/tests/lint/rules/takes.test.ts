import { expect, it } from 'vitest';

import { lintFix } from './lintFix';

const ROLLOUT = 'shell: kubectl rollout undo deployment/api -n shop';

it('wants to know how long it takes what is slow', () => {
  expect(lintFix(ROLLOUT).join()).toContain('say how long at most (takes)');
  expect(lintFix('shell: kubectl rollout status deployment/api -n shop --timeout=10m', 'takes: 5m').join()).toContain(
    'waits up to 10 min by its own --timeout'
  );
  expect(lintFix(ROLLOUT, 'takes: 5m', 'soonest: 6m').join()).toContain('soonest is more than takes');
});

it('leaves alone what says it, and what is done at once', () => {
  expect(lintFix(ROLLOUT, 'takes: 5m', 'soonest: 1m')).toEqual([]);
  expect(lintFix('shell: "true"')).toEqual([]);
});
