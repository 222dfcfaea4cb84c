/** `.demo/estate.json`: where the running estate is, for the fault command and for tools beside it. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Ports } from './ports';

export const REPOSITORY = resolve(fileURLToPath(new URL('../../..', import.meta.url)));
export const DEFAULT_DIR = join(REPOSITORY, '.demo');

export interface EstateRecord {
  /** The process that owns the estate. */
  readonly pid: number;
  readonly startedAt: string;
  readonly ports: Ports;
  readonly urls: {
    readonly control: string;
    readonly prometheus: string;
    readonly diagnostics: string;
    readonly workbench?: string;
    readonly goraxApi: string;
    readonly goraxWorker: string;
    readonly sqlstudioBackend: string;
    readonly kubernetes: string;
  };
}

const fileIn = (dir: string): string => join(dir, 'estate.json');

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

export function writeRecord(dir: string, record: EstateRecord): void {
  // Others wait for this file: they see none, or a whole one.
  writeFileSync(`${fileIn(dir)}.new`, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(`${fileIn(dir)}.new`, fileIn(dir));
}

export function removeRecord(dir: string): void {
  rmSync(fileIn(dir), { force: true });
}

/** The estate that runs in this directory, or undefined: a record whose process has ended does not count. */
export function readRecord(dir: string): EstateRecord | undefined {
  if (!existsSync(fileIn(dir))) {
    return undefined;
  }
  try {
    const record = JSON.parse(readFileSync(fileIn(dir), 'utf8')) as EstateRecord;
    return alive(record.pid) ? record : undefined;
  } catch {
    return undefined;
  }
}
