/** Stands in for curl: fetches from a forwarded port, and repeats a refused connection only when it was told to. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { accept, fail, inWorld, read, refuse } from './call.mjs';

const COUNT = /^\d+$/;
/** curl takes the value of these long flags as the next argument. */
const { flags, rest } = read(process.argv.slice(2), {
  '-fsS': true,
  '--retry': COUNT,
  '--retry-connrefused': true,
  '--retry-delay': COUNT,
  '-o': /^[\w.-]+$/,
});
const [address, ...more] = rest;
const url = URL.canParse(address ?? '') ? new URL(address) : refuse(`${address} is no URL`);
if (more.length > 0) {
  refuse(`${more.join(' ')} beside the URL`);
}
if (!flags['-fsS']) {
  refuse('without -f an error page is kept as if it were the file');
}

const listening = inWorld(`forwarded-${url.port}`);
const attempts = flags['--retry-connrefused'] ? Number(flags['--retry'] ?? 0) : 0;
for (let attempt = 0; !existsSync(listening); attempt += 1) {
  if (attempt >= attempts) {
    fail(`curl: (7) Failed to connect to ${url.host}: Connection refused`);
  }
  await pause(Number(flags['--retry-delay'] ?? 1) * 1000);
}
const answer = await fetch(`http://127.0.0.1:${readFileSync(listening, 'utf8')}${url.pathname}${url.search}`);
if (!answer.ok) {
  fail(`curl: (22) The requested URL returned error: ${answer.status}`);
}
accept();
const body = await answer.text();
if (flags['-o'] === undefined) {
  process.stdout.write(body);
} else {
  writeFileSync(flags['-o'], body);
}
