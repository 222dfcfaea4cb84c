import { expect, it } from 'vitest';

import { lintFix, lintFixAsWritten } from './lintFix';

it('wants a signal, or the reason why none shows it', () => {
  expect(lintFix('shell: "true"', 'verify: { signal: slow, becomes: absent, within: 60s, says: x }')).toEqual([]);
  expect(lintFix('shell: "true"', 'unverified: only new sessions')).toEqual([]);
  expect(lintFixAsWritten('shell: "true"').join()).toContain('no-verify: `f` changes something: name the signal');
});

it('wants none of what only reads', () => {
  expect(lintFixAsWritten('shell: "true"', 'kind: read', 'risk: safe')).toEqual([]);
});
