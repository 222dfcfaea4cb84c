/** What is copied is what runs: prose stands in `note`, and a command in no `text`. */
import { fixRule } from './fixRule';

const COMMAND =
  /(?:^|[\s`'"(:])(?:kubectl|redis-cli|psql|aws|curl|docker|helm|systemctl)\s+[-\w]|(?:^|[:.;]\s+)(?:SELECT|EXPLAIN|CREATE|ALTER|DROP|VACUUM|ANALYZE|REINDEX|SET|UPDATE|DELETE|INSERT)\s+\S|;\s*$/;
const PROSE = /\((?:never|always|not|only|see|or|e\.g\.|i\.e\.)\b|…|\.\.\.|<[a-z][a-z -]*>|\b[A-Z]{3,} are those\b/i;

export const prose = fixRule({
  id: 'prose',
  what: 'A command holds words for a person, like `(never FULL)`, `<your namespace>` or `…`; or a fix of the kind `text` holds a command.',
  why: 'What is copied does not run, or the command cannot be copied at all.',
  mend: 'Write the command under `sql` or `shell`, words under `note`, and what has to be filled in under `inputs`.',
  check: (fix, _pack, tell) => {
    if (fix.language === 'text') {
      if (COMMAND.test(fix.command)) {
        tell('holds a command in its text: write the command under sql or shell, and the words under note', ['text']);
      }
      return;
    }
    const words = PROSE.exec(fix.command.replace(/\{\{[^{}]*\}\}/g, 'x'))?.[0];
    if (words !== undefined) {
      tell(
        `holds words that do not run (\`${words}\`): write them under note, and what has to be filled in under inputs`,
        [fix.language]
      );
    }
  },
});
