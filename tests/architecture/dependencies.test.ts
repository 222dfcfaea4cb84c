import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const page = read('docs/DEPENDENCIES.md');

const manifests = execFileSync('git', ['ls-files', 'package.json', '*/package.json'], { cwd: ROOT, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && file.split('/').length <= 2);

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const dependencies = manifests.flatMap((file) => {
  const { dependencies: used, devDependencies: developing } = JSON.parse(read(file)) as Manifest;
  return Object.entries({ ...used, ...developing })
    .filter(([name]) => !name.startsWith('@live-runbooks/'))
    .map(([name, version]) => ({ file, name, version }));
});

describe('dependencies', () => {
  it('are found in every room', () => {
    expect(manifests.length).toBeGreaterThan(5);
    expect(dependencies.length).toBeGreaterThan(50);
  });

  it('are pinned to one exact version', () => {
    expect(dependencies.filter(({ version }) => !/^(npm:.+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
    const versions = new Map<string, Set<string>>();
    for (const { name, version } of dependencies) {
      versions.set(name, (versions.get(name) ?? new Set()).add(version));
    }
    const several = [...versions].filter(([, all]) => all.size > 1).map(([name, all]) => [name, ...all]);
    // Grafana's own router is v5; the plugin is written for v6
    expect(several.filter(([name]) => name !== 'react-router-dom')).toEqual([]);
  });

  it('are named with their version and reason in docs/DEPENDENCIES.md', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('|'));
    const missing = dependencies.filter(
      ({ name, version }) =>
        !rows.some((row) => row.includes(`\`${name}\``) && row.includes(version.replace('npm:', '')))
    );
    expect(missing).toEqual([]);
  });

  it('are all in the lock file, the optional ones of every platform too: npm ci refuses it otherwise', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<
        string,
        { dependencies?: Record<string, string>; optionalDependencies?: Record<string, string> }
      >;
    };
    /** Node's own search: the folder of the package, then each one above it. */
    const isLocked = (from: string, name: string): boolean => {
      const folder = from === '' ? '' : `${from}/`;
      return (
        `${folder}node_modules/${name}` in packages ||
        (from !== '' && isLocked(from.replace(/(^|\/)[^/]*$/, '').replace(/(^|\/)node_modules$/, ''), name))
      );
    };
    const missing = Object.entries(packages).flatMap(
      ([from, { dependencies: needed, optionalDependencies: optional }]) =>
        Object.keys({ ...needed, ...optional })
          .filter((name) => !isLocked(from, name))
          .map((name) => `${name} of ${from}`)
    );
    expect(missing).toEqual([]);
  });
});
