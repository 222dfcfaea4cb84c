// The size budgets of the plugin, checked on what was built: a breach fails the tests.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from './lib/root.mjs';

const KB = 1000;
const MODULE_LIMIT = 15 * KB;
const CHUNK_LIMIT = 110 * KB;
/** Words of schema libraries that belong to authoring and must not travel to the browser. */
const FORBIDDEN = [/\bZodError\b/, /\bYAMLParseError\b/];

const dist = path.join(root, 'dist');
if (!existsSync(path.join(dist, 'module.js'))) {
  process.stderr.write('dist/module.js is missing: run `npm run build` first.\n');
  process.exit(1);
}

const results = [];
const files = readdirSync(dist, { recursive: true }).filter((name) => name.endsWith('.js'));
for (const name of files) {
  const source = readFileSync(path.join(dist, name));
  const size = gzipSync(source, { level: 9 }).length;
  const limit = path.basename(name) === 'module.js' ? MODULE_LIMIT : CHUNK_LIMIT;
  const forbidden = FORBIDDEN.filter((word) => word.test(source.toString('utf8')));
  results.push({ name, size, limit, ok: size <= limit && forbidden.length === 0, forbidden });
}
results.sort((a, b) => b.size / b.limit - a.size / a.limit);
for (const { name, size, limit, ok, forbidden } of results) {
  const share = `${((size / limit) * 100).toFixed(0)} %`.padStart(6);
  process.stdout.write(
    `${ok ? 'ok  ' : 'OVER'} ${(size / KB).toFixed(1).padStart(7)} kB gzip of ${limit / KB} ${share}  ${name}${forbidden.length ? `  holds ${forbidden.join(', ')}` : ''}\n`
  );
}
const total = results.reduce((sum, { size }) => sum + size, 0);
process.stdout.write(`total ${(total / KB).toFixed(1)} kB gzip in ${results.length} files\n`);
const failed = results.filter(({ ok }) => !ok).length;
process.stdout.write(`${results.length - failed} passed, ${failed} failed\n`);
process.exit(failed ? 1 : 0);
