import { checkQueries } from '../querySyntax';
import type { PackRule } from './rule';

export const logql: PackRule = {
  id: 'logql',
  what: 'The expression of a signal, or of a fix under `logql`, is not valid LogQL.',
  why: 'Loki refuses the query, so in the incident the signal is unknown and the fix shows nothing.',
  mend: 'Correct the expression near the place that the message shows.',
  check: (linted, tell) => checkQueries('logql', linted.parseLogql, linted, tell),
};
