/** Certificates that targets name. A missing file fails its own target, when that is asked, and no other target. */
import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import type { ConfigProblem } from './problems';
import type { TargetConfig } from './schema';

const FILES = ['caFile', 'certFile', 'keyFile'] as const;
type Named = Partial<Record<(typeof FILES)[number], string>>;

/** Where a target names files: in `tls`, or in itself. */
const placesIn = (target: TargetConfig): ReadonlyArray<readonly [prefix: string, named: Named]> => [
  ['', target as Named],
  ...('tls' in target && typeof target.tls === 'object' ? [['tls.', target.tls as Named] as const] : []),
];

const absolute = <T extends object>(directory: string, named: T): T => {
  const found = FILES.flatMap((key) => {
    const path = (named as Named)[key];
    return path === undefined ? [] : [[key, resolve(directory, path)]];
  });
  return { ...named, ...(Object.fromEntries(found) as Partial<T>) };
};

/** Relative paths are taken from the directory of the configuration. */
export function withFilesFrom<T extends TargetConfig>(directory: string, target: T): T {
  const own = absolute(directory, target);
  return 'tls' in own && typeof own.tls === 'object' ? { ...own, tls: absolute(directory, own.tls) } : own;
}

/** Those that cannot be read now. */
export function unreadableFiles(targets: readonly TargetConfig[]): ConfigProblem[] {
  return targets.flatMap((target, index) =>
    placesIn(target).flatMap(([prefix, named]) =>
      FILES.flatMap((key) => {
        const path = named[key];
        const why = path === undefined ? undefined : unreadable(path);
        return why === undefined
          ? []
          : [{ key: `targets[${index}].${prefix}${key}`, message: `cannot be read: ${why}` }];
      })
    )
  );
}

function unreadable(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}
