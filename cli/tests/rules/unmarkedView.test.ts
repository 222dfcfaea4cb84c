import { stringify } from 'yaml';
import { expect, it } from 'vitest';

import { lintSignals } from './lintSignals';

const ratio = (selector: string, by = '') =>
  `sum${by} (rate(http_requests_total{ {{api}}, status=~"5.."${selector} }[{{window}}]))`;

/** What the rule says of the evidence `part` beside a symptom that counts failed requests. */
function viewsIn(part: Readonly<Record<string, unknown>>, speaks: Readonly<Record<string, string>>): string[] {
  const signals = {
    it: { title: 'It', test: { above: 1 }, prometheus: ratio('') },
    part: { title: 'Part', test: { above: 1 }, ...part },
  };
  return lintSignals(stringify(signals, { lineWidth: 0 }), {
    evidence: [
      { signal: 'it', present: 'strong' },
      { signal: 'part', ...speaks },
    ],
  })
    .filter(({ rule }) => rule === 'unmarked-view')
    .map(({ message }) => message);
}

const present = { present: 'moderate' };
it.each([
  ['broken down by a label', { prometheus: ratio('', ' by (path)') }],
  ['of one route', { prometheus: ratio(', path="/pay"') }],
])('refuses evidence that is the symptom %s', (_, part) => {
  expect(viewsIn(part, present)).toEqual([expect.stringMatching(/mark it `viewOf: it`/)]);
});

it.each([
  ['is marked', { prometheus: ratio('', ' by (path)'), viewOf: 'it' }, present],
  ['speaks against the cause', { prometheus: ratio('', ' by (path)') }, { present: '-moderate' }],
  ['speaks by its absence', { prometheus: ratio('', ' by (path)') }, { absent: 'moderate' }],
  ['asks in the other direction', { prometheus: ratio('', ' by (path)'), test: { below: 1 } }, present],
  ['asks another metric', { prometheus: 'sum by (path) (rate(panics_total{ {{api}} }[{{window}}]))' }, present],
  ['sets it against another metric', { prometheus: `${ratio('', ' by (path)')} / (queue_length > 0)` }, present],
  ['asks the same of another time', { prometheus: ratio('').replace(']', '] offset 1h') }, present],
] as const)('leaves evidence alone that %s', (_, part, speaks) => {
  expect(viewsIn(part, speaks)).toEqual([]);
});
