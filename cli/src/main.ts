/** `live-runbooks`: check, test and compile packs of runbooks. Each command is a file in `commands/`. */
import { Command, Option } from 'commander';

import { generate, type GenerateOptions } from './commands/generate';
import { compile, type CompileOptions } from './commands/compile';
import { generateRules } from './commands/generateRules';
import { lint, type LintOptions } from './commands/lint';
import { schema } from './commands/schema';
import { test, type TestOptions } from './commands/test';

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

const KINDS_OPTION = '--kinds <folder>';
const KINDS_TEXT = 'folder of the kinds on which the packs rest, where it is not beside them';

const program = new Command('live-runbooks').description('Check, test and compile live runbooks');

program
  .command('lint')
  .description('check packs: file:line:column, what is wrong and what is allowed')
  .argument('[directory]', 'folder of packs, or one pack', 'runbooks')
  .addOption(
    new Option('--format <format>', 'text, or SARIF 2.1.0 for code review').choices(['text', 'sarif']).default('text')
  )
  .option(KINDS_OPTION, KINDS_TEXT)
  .action((directory: string, options: LintOptions) => run(() => lint(directory, print, options)));

program
  .command('generate')
  .description(
    'write what is generated from packs: Prometheus alert rules and their promtool tests into alerts/, the overview into dashboards/; and the rules of lint into docs/'
  )
  .argument('[what]', 'alerts, dashboards or rules', 'alerts')
  .option('--bind <name=value...>', 'value of a pack parameter, like window=15s', [])
  .option('--base-url <url>', 'address of Grafana in runbook_url', 'http://localhost:3000')
  .option('--out <folder>', 'write the rule files alone, to this folder')
  .option('--check', 'compare instead of writing; fails when something is out of date', false)
  .option('--packs <folder>', 'folder of packs', 'runbooks')
  .option(KINDS_OPTION, KINDS_TEXT)
  .action((what: string, options: GenerateOptions & { packs: string }) =>
    run(async () => {
      switch (what) {
        case 'alerts':
          return generate(options.packs, options, print);
        case 'dashboards': {
          // Its library is for development only: the other commands work without it.
          const { generateDashboards } = await import('./commands/generateDashboards');
          return generateDashboards(options.packs, options, print);
        }
        case 'rules':
          return generateRules(options, print);
        default:
          throw new Error(`generate ${what}: there are alerts, dashboards and rules`);
      }
    })
  );

program
  .command('test')
  .description('run the tests that runbooks carry; a failure shows the ranking and why')
  .argument('[directory]', 'folder of packs, or one pack', 'runbooks')
  .option(KINDS_OPTION, KINDS_TEXT)
  .action((directory: string, options: TestOptions) => run(() => test(directory, print, options)));

program
  .command('compile')
  .description('write each pack as JSON, as the plugin loads it')
  .argument('[directory]', 'folder of packs, or one pack', 'runbooks')
  .requiredOption('--out <directory>', 'where to write <pack>.json')
  .option(KINDS_OPTION, KINDS_TEXT)
  .option('--without-tests', "leave the runbooks' tests out, for where packs are only read", false)
  .action((directory: string, { out, ...options }: { out: string } & CompileOptions) =>
    run(() => compile(directory, out, print, options))
  );

program
  .command('schema')
  .description('write the JSON Schemas with which editors check and complete packs')
  .option('--out <folder>', 'where to write <kind of file>.json', 'runbooks/schema')
  .option('--check', 'compare instead of writing; fails when something is out of date', false)
  .action((options: { out: string; check: boolean }) => run(() => schema(options, print)));

await program.parseAsync();
