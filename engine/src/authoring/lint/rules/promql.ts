import { checkQueries } from '../querySyntax';
import type { PackRule } from './rule';

export const promql: PackRule = {
  id: 'promql',
  what: 'The expression of a signal, of a fix under `promql`, or under `discover` of a kind, is not valid PromQL.',
  why: 'Prometheus refuses the query, so in the incident the signal is unknown, the fix shows nothing, and components are not found.',
  mend: 'Correct the expression near the place that the message shows.',
  check: (linted, tell) => checkQueries('promql', linted.parsePromql, linted, tell),
};
