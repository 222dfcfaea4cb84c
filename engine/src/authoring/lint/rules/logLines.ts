import type { PackRule } from './rule';

export const logLines: PackRule = {
  id: 'log-lines',
  what: 'A LogQL expression answers lines, and no number.',
  why: 'A test judges numbers, so the signal is unknown for ever.',
  mend: 'Count the lines: `sum(count_over_time({app="shop"} |= "panic" [5m]))`.',
  check: ({ loaded }, tell) => {
    for (const { id, query } of Object.values(loaded.pack.signals)) {
      // A metric query begins with the name of a function or with a number.
      if (query.source === 'loki' && /^[\s(]*\{(?!\{)/.test(query.expr)) {
        tell(
          `signal ${id}`,
          'this answers lines, and a test judges a number: count them, `sum(count_over_time(… [5m]))`',
          ['loki']
        );
      }
    }
  },
};
