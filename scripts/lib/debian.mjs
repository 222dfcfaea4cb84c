import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { giveUp, say } from './console.mjs';
import { run } from './run.mjs';

const onPath = (program) =>
  (process.env.PATH ?? '')
    .split(path.delimiter)
    .concat('/usr/bin', '/usr/sbin', '/usr/local/bin')
    .some((dir) => dir && existsSync(path.join(dir, program)));

const postgresServer = () => {
  const root = '/usr/lib/postgresql';
  return existsSync(root) && readdirSync(root).some((version) => existsSync(path.join(root, version, 'bin/postgres')));
};

/** Debian package → is what it brings there already? */
const ESTATE = {
  postgresql: postgresServer,
  // A server that speaks another language: locales are made of these sources.
  locales: () => existsSync('/usr/share/i18n/locales/de_DE'),
  // What targets may stand behind: the tests of the diagnostics service ask through it.
  pgbouncer: () => onPath('pgbouncer'),
  'redis-server': () => onPath('redis-server'),
  prometheus: () => onPath('prometheus') && onPath('promtool'),
  'prometheus-alertmanager': () => onPath('prometheus-alertmanager'),
  'prometheus-postgres-exporter': () => onPath('prometheus-postgres-exporter'),
  'prometheus-redis-exporter': () => onPath('prometheus-redis-exporter'),
  'prometheus-node-exporter': () => onPath('prometheus-node-exporter'),
};
const BROWSER = { chromium: () => onPath('chromium') };

/**
 * Installs the Debian packages that are missing, as root or through sudo; otherwise prints the one command to run.
 * The packages' own services are kept from starting: the estate starts what it needs, on its own ports.
 */
export async function ensureDebianPackages({ browser }) {
  const wanted = { ...ESTATE, ...(browser ? BROWSER : {}) };
  const missing = Object.keys(wanted).filter((name) => !wanted[name]());
  if (missing.length === 0) {
    return;
  }
  const byHand = `sudo apt-get update && sudo apt-get install --no-install-recommends ${missing.join(' ')}`;
  if (!onPath('apt-get')) {
    giveUp(`These programs are needed and apt-get is not here to install them: ${missing.join(', ')}.
On Debian or Ubuntu: ${byHand}
Or use the containers: docker compose up`);
  }
  const root = process.getuid?.() === 0;
  if (!root && (await run('sudo', ['-n', 'true'], { quiet: true })).code !== 0) {
    giveUp(`These Debian packages are missing: ${missing.join(', ')}. Run this once, then try again:\n\n  ${byHand}\n`);
  }
  say(`installing Debian packages: ${missing.join(' ')}`);
  const script = `
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
      printf '#!/bin/sh\\nexit 101\\n' > "$policy"; chmod +x "$policy"
      trap 'rm -f "$policy"' EXIT
    fi
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null`;
  const shell = ['sh', '-euc', script, 'sh', ...missing];
  const { code } = await run(root ? shell[0] : 'sudo', root ? shell.slice(1) : ['-n', ...shell]);
  const still = missing.filter((name) => !wanted[name]());
  if (code !== 0 || still.length > 0) {
    giveUp(
      `apt-get could not install ${(still.length ? still : missing).join(', ')}. Run this by hand and read what it says:\n\n  ${byHand}\n`
    );
  }
}
