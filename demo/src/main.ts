/** `npm run demo`, after the build: starts the estate and keeps it until Ctrl-C. */
import { parseArgs } from 'node:util';
import { startEstate } from './estate/start';

const USAGE = `Usage: npx tsx demo/src/main.ts [options]

  --port-base N    first of a block of 20 free ports (default: the first free block from 13000, or DEMO_PORT_BASE)
  --dir DIR        where data and logs go (default: .demo)
  --no-workbench   without the workbench (the plugin need not be built)
  --help`;

const startedAt = Date.now();
const say = (line: string): void =>
  console.log(`[${((Date.now() - startedAt) / 1000).toFixed(1).padStart(5)} s] ${line}`);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'port-base': { type: 'string' },
      dir: { type: 'string' },
      'no-workbench': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const base = values['port-base'] ?? process.env.DEMO_PORT_BASE;
  let interrupted = false;
  const estate = startEstate({
    progress: say,
    workbench: !values['no-workbench'],
    ...(values.dir === undefined ? {} : { dir: values.dir }),
    ...(base === undefined || base === '' ? {} : { portBase: Number(base) }),
  });
  const finish = (): void => {
    if (interrupted) {
      // Asked twice: go at once. The watchdog ends the children.
      process.exit(130);
    }
    interrupted = true;
    say('stopping');
    void estate
      .then((running) => running.stop())
      .catch(() => undefined)
      .then(() => {
        say('stopped; nothing is left running');
        process.exit(0);
      });
  };
  process.on('SIGINT', finish);
  process.on('SIGTERM', finish);
  process.on('SIGHUP', finish);

  const { urls } = await estate;
  if (!interrupted) {
    say('the estate is ready');
    console.log(`
  ${urls.workbench === undefined ? 'Control   ' : 'Open      '} ${urls.workbench ?? urls.control}
  Prometheus ${urls.prometheus}
  A fault:   npm run demo:fault -- idle-in-transaction     (all: -- list, mend: -- clear)
  Stop:      Ctrl-C
`);
  }
}

main().catch((error: Error) => {
  console.error(`demo: ${error.message}`);
  process.exit(1);
});
