/** What is copied is what runs: prose stands in `note`, and a command in no `text`. */
import type { FixRule } from './rule';

const COMMAND =
  /(?:^|[\s`'"(:])(?:kubectl|redis-cli|psql|aws|curl|docker|helm|systemctl)\s+[-\w]|(?:^|[:.;]\s+)(?:SELECT|EXPLAIN|CREATE|ALTER|DROP|VACUUM|ANALYZE|REINDEX|SET|UPDATE|DELETE|INSERT)\s+\S|;\s*$/;
const PROSE = /\((?:never|always|not|only|see|or|e\.g\.|i\.e\.)\b|…|\.\.\.|<[a-z][a-z -]*>|\b[A-Z]{3,} are those\b/i;

export const proseIsNoCommand: FixRule = (fix, _pack, tell) => {
  if (fix.language === 'text') {
    if (COMMAND.test(fix.command)) {
      tell('prose', 'holds a command in its text: write the command under sql or shell, and the words under note', [
        'text',
      ]);
    }
    return;
  }
  const words = PROSE.exec(fix.command.replace(/\{\{[^{}]*\}\}/g, 'x'))?.[0];
  if (words !== undefined) {
    tell(
      'prose',
      `holds words that do not run (\`${words}\`): write them under note, and what has to be filled in under inputs`,
      [fix.language]
    );
  }
};
