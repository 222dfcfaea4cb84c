/** The YAML files below a directory, bounded; and a signature that tells whether they changed, without reading them. */
import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackFiles, Problem } from '@live-runbooks/engine/authoring';
import { problemAt } from './library';

const MOST_FILES = 2000;
const LARGEST = 1024 * 1024;
const DEEPEST = 5;

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
  const visit = async (folder: string, depth: number): Promise<void> => {
    let names: string[];
    try {
      names = (await readdir(join(directory, folder))).filter((name) => !name.startsWith('.')).sort();
    } catch (error) {
      problems.push(unreadable(folder === '' ? '.' : folder, error));
      return;
    }
    for (const name of names) {
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
  for (const { path, size } of entries) {
    if (size > LARGEST) {
      found.push(problemAt(path, 'too-large', `${size} bytes; a file may have ${LARGEST}`));
      continue;
    }
    try {
      files[path] = await readFile(join(directory, path), 'utf8');
    } catch (error) {
      found.push(unreadable(path, error));
    }
  }
  return { files, problems: found };
}

const unreadable = (path: string, error: unknown): Problem =>
  problemAt(path, 'unreadable', `cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
