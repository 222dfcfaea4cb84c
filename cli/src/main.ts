/** `live-runbooks`: check, test and compile packs of runbooks. Each command is a file in `commands/`. */
import { Command } from 'commander';

import { lint } from './commands/lint';

const print = (line: string) => process.stdout.write(`${line}\n`);

/** Runs a command, turns what it throws into one line, and sets the exit code: 0 good, 1 findings, 2 could not run. */
function run(work: () => number | Promise<number>): Promise<void> {
  return Promise.resolve()
    .then(work)
    .catch((error: unknown) => {
      process.stderr.write(`live-runbooks: ${error instanceof Error ? error.message : String(error)}\n`);
      return 2;
    })
    .then((code) => {
      process.exitCode = code;
    });
}

const program = new Command('live-runbooks').description('Check, test and compile live runbooks');

program
  .command('lint')
  .description('check packs: file:line:column, what is wrong and what is allowed')
  .argument('[directory]', 'folder of packs, or one pack', 'runbooks')
  .action((directory: string) => run(() => lint(directory, print)));

await program.parseAsync();
