/** A command says where it acts: nobody's default server, namespace or container. */
import { fixRule } from './fixRule';

/** What runs another program: the rules are about that one. */
const WRAPPER =
  /^(?:(?:\w+=\S*|sudo|command|exec|nohup|time|env|watch|timeout|nice|xargs)\s+(?:-{1,2}[\w-]+(?:=\S+)?\s+|\d+[smh]?\s+)*)+/;

/** The programs of a shell command, each with its arguments. */
function programs(command: string): string[] {
  return command
    .split(/\|\|?|&&?|;|\n|\$\(|[(){}](?=\s|$)/)
    .map((part) => part.trim().replace(WRAPPER, ''))
    .filter((part) => part !== '');
}

export const place = fixRule({
  id: 'place',
  what: 'A command does not say where it acts: `kubectl` without a namespace or a container, `psql` or `redis-cli` without host and port, SQL without `on`.',
  why: 'It runs against the default server, namespace or container of the person who copies it.',
  mend: 'Add `-n`, `-c`, `-h` and `-p` with parameters of the pack, or `on: { host, port, database, role }` for SQL.',
  check: (fix, _pack, tell) => {
    if (fix.language === 'sql' && fix.on === undefined) {
      tell('does not say where it runs: give it on: { host, port, database, role }');
    }
    if (fix.language === 'redis') {
      tell('does not say on which Redis it runs: write it as shell, redis-cli -h {{host}} -p {{port}} …', ['redis']);
    }
    if (fix.language !== 'shell') {
      return;
    }
    for (const program of programs(fix.command.replace(/\{\{[^{}]*\}\}/g, 'X'))) {
      const lacks = (flag: RegExp, what: string) => {
        if (!flag.test(program)) {
          tell(`does not say which ${what}: \`${program}\``, ['shell']);
        }
      };
      if (/^kubectl\b/.test(program)) {
        lacks(/\s(?:-n|--namespace)[\s=]/, 'namespace (-n)');
      }
      if (/^kubectl\s+set\b|^kubectl\s+logs\s.*(?:-l|--selector)/.test(program)) {
        lacks(/\s(?:-c|--containers?)[\s=]|--all-containers\b/, 'container (-c)');
      }
      if (/^(?:redis-cli|psql|pg_isready|pg_dump)\b/.test(program)) {
        lacks(/\s-h[\s=]/, 'host (-h)');
        lacks(/\s-p[\s=]/, 'port (-p)');
      }
    }
  },
});
