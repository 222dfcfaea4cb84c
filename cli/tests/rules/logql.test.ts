import { formatProblem } from '@live-runbooks/engine/authoring';
import { expect, it } from 'vitest';

import { lintSignals } from './lintSignals';

const loki = (expr: string) =>
  lintSignals(`it:\n  title: It\n  test: { above: 1 }\n  loki: >-\n    ${expr}\n`)
    .filter(({ rule }) => rule === 'logql')
    .map(formatProblem);

it('refuses what is no LogQL, and shows where', () => {
  expect(loki('sum(count_over_time({app="shop"} |= [5m]))')).toEqual([
    expect.stringMatching(/^p\/signals\/s\.yaml:4:\d+: error: this is no LogQL: .* near `.*\[5m\]/),
  ]);
});

it('reads placeholders as values of their kind', () => {
  expect(loki('sum(count_over_time({namespace={{namespace}}} |= `{{.line}}` [{{window}}]))')).toEqual([]);
});
