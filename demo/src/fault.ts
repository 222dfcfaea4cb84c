/** `npm run demo:fault -- <name> | clear | list`: talks to the control server of the running estate. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { FaultState } from './estate/control';
import { DEFAULT_DIR, readRecord } from './estate/record';

const USAGE = `Usage: npm run demo:fault -- <name> | clear | list

  --dir DIR   the directory of the estate (default: .demo)`;

async function ask(url: string, method: string): Promise<unknown> {
  const answer = await fetch(url, { method, signal: AbortSignal.timeout(60_000) });
  const body = (await answer.json()) as { error?: { message: string } };
  if (!answer.ok) {
    throw new Error(body.error?.message ?? `${method} ${url} answered ${answer.status}`);
  }
  return body;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      dir: { type: 'string' },
      clear: { type: 'boolean' },
      list: { type: 'boolean' },
      help: { type: 'boolean' },
    },
    allowPositionals: true,
  });
  const wanted = values.clear ? 'clear' : values.list ? 'list' : positionals[0];
  if (values.help || wanted === undefined) {
    console.log(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const dir = resolve(values.dir ?? DEFAULT_DIR);
  const estate = readRecord(dir);
  if (estate === undefined) {
    throw new Error(`no estate is running (no live record in ${dir}). Start it with: npm run demo`);
  }
  const faults = `${estate.urls.control}/faults`;
  switch (wanted) {
    case 'list': {
      const { faults: list } = (await ask(faults, 'GET')) as { faults: FaultState[] };
      const width = Math.max(...list.map(({ name }) => name.length));
      for (const { name, title, active } of list) {
        console.log(`${active ? '●' : ' '} ${name.padEnd(width)}  ${title}${active ? '  (in force)' : ''}`);
      }
      return;
    }
    case 'clear': {
      await ask(faults, 'DELETE');
      console.log('all faults are cleared; the symptoms are gone within about 40 s');
      return;
    }
    default: {
      const { name, title, watch } = (await ask(`${faults}/${encodeURIComponent(wanted)}`, 'POST')) as FaultState;
      console.log(`${name}: ${title}\nWatch: ${watch}\nMend:  npm run demo:fault -- clear`);
    }
  }
}

main().catch((error: Error) => {
  console.error(`demo:fault: ${error.message}`);
  process.exitCode = 1;
});
