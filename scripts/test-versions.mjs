// `npm run test:versions`: the faults and healthy states of the diagnostics service on every version of Postgres, Redis and
// Valkey that it promises. `npm run test:versions -- postgres-13 valkey` runs the named ones only. One line a version at the
// end; exit 1 when a test failed, or a version could not be had. Only Node's built-ins until the packages are installed.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { binariesOf, fetchVersion } from '../diagnostics/tests/versions/fetch.mjs';
import { fetchValkeyWithTls, installValkey } from '../diagnostics/tests/versions/valkey.mjs';
import { chosen } from './lib/chosen.mjs';
import { bold, clock, dim, green, red, say } from './lib/console.mjs';
import { ensureDebianPackages } from './lib/debian.mjs';
import { ensureNpmPackages } from './lib/packages.mjs';
import { root } from './lib/root.mjs';
import { run } from './lib/run.mjs';

const reports = path.join(root, '.cache/versions');
/** What vitest takes as the beginning of paths: files of one kind of server begin with its name, or lie in its folder. */
const POSTGRES_TESTS = ['diagnostics/tests/postgres'];
const REDIS_TESTS = ['diagnostics/tests/redis'];

/** `server` answers the program, or throws with why it cannot be had; `env` is what the tests read. */
const postgres = (major) => ({
  name: `postgres-${major}`,
  version: new RegExp(`PostgreSQL\\) (${major}\\.\\d+)`),
  tests: POSTGRES_TESTS,
  server() {
    const installed = `/usr/lib/postgresql/${major}/bin`;
    if (!existsSync(installed)) {
      fetchVersion(major);
    }
    return path.join(existsSync(installed) ? installed : binariesOf(major), 'postgres');
  },
  env: () => ({ POSTGRES_MAJOR: major }),
});
const redis = (name, version, find, tests = REDIS_TESTS) => ({
  name,
  version,
  tests,
  async server() {
    const { program, missing } = await find();
    if (program === undefined) {
      throw new Error(missing);
    }
    return program;
  },
  env: (program) => ({ REDIS_SERVER: program }),
});

const VERSIONS = [
  ...['13', '14', '15', '16', '17', '18'].map(postgres),
  redis('redis-7', /Redis server v=(7\.\S+)/, () => ({ program: 'redis-server' })),
  redis('valkey', /Valkey server v=(\S+)/, installValkey, [...REDIS_TESTS, 'diagnostics/tests/valkey']),
  redis('valkey-tls', /Valkey server v=(\S+)/, fetchValkeyWithTls),
];

/** The program and its version. Errors: it cannot be had, or is of another version. */
async function obtain({ version, server }) {
  const program = await server();
  const says = execFileSync(program, ['--version'], { encoding: 'utf8' }).trim();
  const found = version.exec(says)?.[1];
  if (found === undefined) {
    throw new Error(`another version is here: ${says}`);
  }
  return { program, found };
}

/** Tests of a file that broke outside of its tests were not run: the file is one failure, and they are not "skipped". */
function count(file, code) {
  const files = JSON.parse(readFileSync(file, 'utf8')).testResults;
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  const broken = files.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed')
  );
  const failed = tests.filter(({ status }) => status === 'failed').length + broken.length;
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: failed || (code === 0 ? 0 : 1),
    skipped: files
      .filter((each) => !broken.includes(each))
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ fullName }) => fullName),
  };
}

async function test({ name, tests, env, ...version }) {
  const began = Date.now();
  const row = (counted) => ({ name, seconds: (Date.now() - began) / 1000, ...counted });
  say(`${bold(name)}: obtaining the server`);
  let server;
  try {
    server = await obtain(version);
  } catch (error) {
    return row({
      passed: 0,
      failed: 1,
      skipped: [],
      found: String(error.stderr || error.message)
        .trim()
        .split('\n')[0],
    });
  }
  say(`${bold(name)}: ${server.found}, ${dim(server.program)}`);
  const report = path.join(reports, `${name}.json`);
  rmSync(report, { force: true });
  const vitest = ['run', '--project', 'diagnostics', '--no-file-parallelism', ...tests];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await run(path.join(root, 'node_modules/.bin/vitest'), [...vitest, ...reporters], {
    cwd: root,
    env: { ...env(server.program), ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }) },
  });
  try {
    return row({ ...count(report, code), found: server.found });
  } catch {
    return row({ passed: 0, failed: 1, skipped: [], found: server.found });
  }
}

const isChosen = chosen(
  'version',
  VERSIONS.map(({ name }) => name)
);

say(bold('Live Runbooks: every version of the servers'));
await ensureDebianPackages({ browser: false });
await ensureNpmPackages();
mkdirSync(reports, { recursive: true });

const rows = [];
for (const version of VERSIONS.filter(({ name }) => isChosen(name))) {
  rows.push(await test(version));
}

process.stdout.write('\n');
for (const { name, found, passed, failed, skipped, seconds } of rows) {
  const counts = `${String(passed).padStart(4)} passed ${String(failed).padStart(3)} failed ${String(skipped.length).padStart(3)} skipped`;
  process.stdout.write(
    `${failed ? red('failed') : green('passed')}  ${name.padEnd(12)} ${counts}  ${dim(`${seconds.toFixed(0).padStart(4)} s`)}  ${found}\n`
  );
  for (const title of skipped) {
    process.stdout.write(dim(`        skipped: ${title}\n`));
  }
}
process.stdout.write(`${clock()}\n`);
process.exit(rows.some(({ failed }) => failed > 0) ? 1 : 0);
