/** `tsx diagnostics/src/main.ts --config FILE [--check-config]` */
import { parseArgs } from 'node:util';
import { unreadableFiles } from './config/files';
import { type Config, loadConfig } from './config/load';
import { ConfigError } from './config/problems';
import { type Service, VERSION, startService } from './service';

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
  const file = options.config;
  const config = loadConfig(file);
  if (options['check-config']) {
    const problems = unreadableFiles(config.targets);
    if (problems.length > 0) {
      throw new ConfigError(file, problems);
    }
    const warnings = config.warnings.map(({ key, message }) => `  ${key}: ${message}\n`).join('');
    process.stdout.write(`${file}: right, ${config.targets.length} targets\n${warnings}`);
    return 0;
  }
  let running = start(config);
  await running;
  const stop = (): void => {
    void running.then(({ service }) => service.close()).finally(() => process.exit(0));
    // A client or a server that hangs must not keep us.
    setTimeout(() => process.exit(0), 3000).unref();
  };
  // Everything that is configured is read again. What is wrong changes nothing but the log.
  process.on('SIGHUP', () => {
    running = running.then((now) => reloaded(now, file));
  });
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return undefined;
}

interface Running {
  readonly service: Service;
  readonly config: Config;
}

const start = async (config: Config): Promise<Running> => ({ service: await startService(config), config });

/** The service with the configuration as the file has it now; as it runs when that is wrong. */
async function reloaded(now: Running, file: string): Promise<Running> {
  const told = (error: unknown): void => {
    process.stderr.write(`not reloaded: ${(error as Error).message}\n`);
  };
  let config: Config;
  try {
    config = loadConfig(file);
  } catch (error) {
    told(error);
    return now;
  }
  await now.service.close();
  try {
    return await start(config);
  } catch (error) {
    told(error);
    return start(now.config);
  }
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
