import { fillCommand } from '../fixes/fillCommand';
import { near } from '../querySyntax';
import type { PackRule } from './rule';

/** What psql itself reads at the end of a line instead of a semicolon: it sends the statement before. */
const SENDS = /\\(?:g|gx|gexec|gset|gdesc|watch|crosstabview)\b[^\n]*$/gm;

export const sqlSyntax: PackRule = {
  id: 'sql-syntax',
  what: 'An SQL command is not valid for Postgres: a word is misspelt, a quote or a bracket is not closed, or a placeholder stands where its value cannot.',
  why: 'Postgres refuses it when it is copied in the incident, or `psql` waits for the end of the quote.',
  mend: 'Correct the command near the place that the message shows. Of the commands of `psql` itself only those that send a statement, like `\\gexec`, stand in `sql`; others belong in `shell`.',
  check: (linted, tell) => {
    for (const runbook of linted.loaded.pack.runbooks) {
      for (const fix of Object.values(runbook.fixes)) {
        if (fix.language !== 'sql') {
          continue;
        }
        const { text, missing } = fillCommand(fix, linted);
        // A placeholder without a value is told by the rule `placeholder`.
        const wrong =
          missing.length > 0 ? undefined : linted.parseSql?.(text.replace(SENDS, (sends) => ';'.padEnd(sends.length)));
        if (wrong !== undefined) {
          tell(`fix ${runbook.id}/${fix.id}`, `this is no SQL: ${wrong.message} near \`${near(text, wrong.offset)}\``, [
            'sql',
          ]);
        }
      }
    }
  },
};
