/** `tsx diagnostics/src/main.ts --config FILE [--check-config]` */
import { parseArgs } from 'node:util';
import { loadConfig } from './config/load';
import { unreadableFiles } from './config/files';
import { ConfigError } from './config/problems';
import { VERSION, startService } from './service';

const USAGE = `Usage: diagnostics --config FILE [--check-config]

  --config FILE    configuration (YAML); diagnostics/config.example.yaml explains every key
  --check-config   check the configuration and exit: 0 when it is right, 1 when it is not
  --version        print the version
  --help           print this
`;

async function main(): Promise<number | undefined> {
  let options;
  try {
    options = parseArgs({
      options: {
        config: { type: 'string' },
        'check-config': { type: 'boolean', default: false },
        version: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return 2;
  }
  if (options.help || options.version) {
    process.stdout.write(options.help ? USAGE : `${VERSION}\n`);
    return 0;
  }
  if (options.config === undefined) {
    process.stderr.write(`--config is missing.\n\n${USAGE}`);
    return 2;
  }
  const config = loadConfig(options.config);
  if (options['check-config']) {
    const problems = unreadableFiles(config.targets);
    if (problems.length > 0) {
      throw new ConfigError(options.config, problems);
    }
    process.stdout.write(`${options.config}: right, ${config.targets.length} targets\n`);
    return 0;
  }
  const service = await startService(config);
  const stop = (): void => {
    void service.close().finally(() => process.exit(0));
    // A client or a server that hangs must not keep us.
    setTimeout(() => process.exit(0), 3000).unref();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return undefined;
}

main().then(
  (code) => {
    if (code !== undefined) {
      process.exitCode = code;
    }
  },
  (error: unknown) => {
    const told = error instanceof ConfigError || (error as { code?: string }).code === 'EADDRINUSE';
    process.stderr.write(
      `${told || !(error instanceof Error) ? String((error as Error).message) : (error.stack ?? error.message)}\n`
    );
    process.exitCode = 1;
  }
);
