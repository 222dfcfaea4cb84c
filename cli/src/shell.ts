import { spawnSync } from 'node:child_process';

const sound = new Map<string, string | undefined>();

/** What a POSIX shell says of the syntax of a command, which it does not run; undefined when it is sound or there is no shell. */
export function parseShell(command: string): string | undefined {
  if (!sound.has(command)) {
    const { status, stderr, error } = spawnSync('sh', ['-n'], { input: command, encoding: 'utf8' });
    const said = stderr
      ?.trim()
      .split('\n')[0]
      ?.replace(/^sh: (?:line )?(?:\d+: )?/, '');
    sound.set(command, error !== undefined || status === 0 ? undefined : said || 'its syntax is wrong');
  }
  return sound.get(command);
}
