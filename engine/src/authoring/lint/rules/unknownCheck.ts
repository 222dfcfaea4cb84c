import { notAmong } from '../../problem';
import type { PackRule } from './rule';

export const unknownCheck: PackRule = {
  id: 'unknown-check',
  what: 'A signal asks for a check, a field or a table that the diagnostics service does not have.',
  why: 'The service cannot answer it, so the signal is unknown for ever, and so is every cause that rests on it.',
  mend: 'Take one of the names that the message lists; they are those of `GET /v1/checks`.',
  check: ({ loaded, checks }, tell) => {
    for (const { id, query } of Object.values(loaded.pack.signals)) {
      if (query.source !== 'diagnostics' || checks === undefined) {
        continue;
      }
      const facts = checks[query.check];
      if (facts === undefined) {
        tell(`signal ${id}`, notAmong('the check', query.check, Object.keys(checks)), ['diagnostics', 'check']);
      } else if ('rows' in query.read) {
        if (!Object.hasOwn(facts.rows, query.read.rows)) {
          tell(
            `signal ${id}`,
            `${notAmong('the table', query.read.rows, Object.keys(facts.rows))} in \`${query.check}\``,
            ['diagnostics', 'rows']
          );
        }
      } else if (
        facts.configured?.fields === undefined &&
        query.read.field !== 'value' &&
        !Object.hasOwn(facts.fields, query.read.field)
      ) {
        tell(
          `signal ${id}`,
          `${notAmong('the field', query.read.field, ['value', ...Object.keys(facts.fields)])} in \`${query.check}\``,
          ['diagnostics', 'field']
        );
      }
    }
  },
};
