/** The YAML files below a directory, bounded: regular files, so many, so large, so deep; and a signature that tells whether they changed, without reading them. */
import { constants } from 'node:fs';
import { lstat, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackFiles, Problem } from '@live-runbooks/engine/authoring';
import { problemAt } from './library';

const MOST_FILES = 2000;
const LARGEST = 1024 * 1024;
/** Of all files together: what is compiled from them is kept in memory. */
const ALTOGETHER = 8 * 1024 * 1024;
const DEEPEST = 5;
/** Names that are looked at, of whatever kind: a link may lead to a large tree. */
const MOST_NAMES = 20_000;

interface Entry {
  /** Relative to the directory, with `/`. */
  readonly path: string;
  readonly size: number;
  readonly signature: string;
}

export interface Listing {
  readonly entries: readonly Entry[];
  readonly problems: readonly Problem[];
  readonly signature: string;
}

/**
 * Hidden names are left out: editors write there, and Kubernetes keeps the real files of a mounted ConfigMap in `..data`,
 * which the visible names link to. Links are followed for that reason; a link in a circle ends at the depth.
 */
export async function list(directory: string): Promise<Listing> {
  const entries: Entry[] = [];
  const problems: Problem[] = [];
  let looked = 0;
  const visit = async (folder: string, depth: number): Promise<void> => {
    let names: string[];
    try {
      names = (await readdir(join(directory, folder))).filter((name) => !name.startsWith('.')).sort();
    } catch (error) {
      problems.push(unreadable(folder === '' ? '.' : folder, error));
      return;
    }
    for (const name of names) {
      looked += 1;
      if (looked > MOST_NAMES) {
        return;
      }
      const path = folder === '' ? name : `${folder}/${name}`;
      const full = join(directory, path);
      try {
        const found = await stat(full);
        if (found.isDirectory()) {
          if (depth >= DEEPEST) {
            problems.push(problemAt(path, 'too-deep', `folders are read ${DEEPEST} deep; move it up`));
          } else {
            await visit(path, depth + 1);
          }
        } else if (/\.ya?ml$/.test(name) && !found.isFile()) {
          problems.push(problemAt(path, 'no-file', 'not a regular file: pipes, sockets and devices are not read'));
        } else if (/\.ya?ml$/.test(name)) {
          const link = await lstat(full);
          entries.push({
            path,
            size: found.size,
            signature: `${path} ${found.size} ${found.mtimeMs} ${found.ino} ${link.ino}`,
          });
        }
      } catch (error) {
        problems.push(unreadable(path, error));
      }
      if (entries.length > MOST_FILES) {
        return;
      }
    }
  };
  await visit('', 0);
  if (looked > MOST_NAMES) {
    problems.push(problemAt('.', 'too-many-files', `more than ${MOST_NAMES} names; the rest is not looked at`));
  }
  if (entries.length > MOST_FILES) {
    problems.push(problemAt('.', 'too-many-files', `more than ${MOST_FILES} YAML files; the rest is not read`));
    entries.length = MOST_FILES;
  }
  const signature = [
    ...entries.map((entry) => entry.signature),
    ...problems.map(({ file, message }) => `${file} ${message}`),
  ].join('\n');
  return { entries, problems, signature };
}

export async function read(
  directory: string,
  { entries, problems }: Listing
): Promise<{ files: PackFiles; problems: Problem[] }> {
  const files: Record<string, string> = {};
  const found = [...problems];
  let altogether = 0;
  for (const { path } of entries) {
    try {
      const text = await readBounded(join(directory, path));
      altogether += text?.length ?? 0;
      if (text === undefined) {
        found.push(problemAt(path, 'too-large', `no regular file of at most ${LARGEST} bytes`));
      } else if (altogether > ALTOGETHER) {
        found.push(problemAt(path, 'too-large', `all files together have more than ${ALTOGETHER} bytes`));
      } else {
        files[path] = text;
      }
    } catch (error) {
      found.push(unreadable(path, error));
    }
  }
  return { files, problems: found };
}

/**
 * Undefined: it is no regular file any more, or larger than is read, whatever its size says. Opened without waiting: a
 * pipe that nobody writes to would wait for ever.
 */
async function readBounded(path: string): Promise<string | undefined> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) {
      return undefined;
    }
    const bytes = Buffer.alloc(LARGEST + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length <= LARGEST; length += read) {
      read = (await handle.read(bytes, length, bytes.length - length)).bytesRead;
    }
    return length > LARGEST ? undefined : bytes.toString('utf8', 0, length);
  } finally {
    await handle.close();
  }
}

const unreadable = (path: string, error: unknown): Problem =>
  problemAt(path, 'unreadable', `cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
