import { parseArgs } from 'node:util';
import { startWorkbench } from './startWorkbench';

const USAGE =
  'npx tsx workbench/src/server/main.ts [--port 3000] [--plugin-dist dist] [--provisioning provisioning] [--control <address of the demo>]';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '3000' },
      'plugin-dist': { type: 'string', default: 'dist' },
      provisioning: { type: 'string', default: 'provisioning' },
      control: { type: 'string' },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port ${values.port} is not a port`);
  }
  const workbench = await startWorkbench({
    port,
    pluginDist: values['plugin-dist'],
    provisioning: values.provisioning,
    control: values.control,
    onProgress: (line) => console.log(`workbench: ${line}`),
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void workbench.close().then(() => process.exit(0)));
  }
  // last: whoever waits for the address may also end the process at once
  console.log(`workbench: ${workbench.url}`);
}

main().catch((error: unknown) => {
  console.error(`workbench: ${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exit(1);
});
