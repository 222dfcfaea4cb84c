/** Circles of imports: Tarjan's strongly connected components over files. */
import { dirname, normalize } from 'node:path';
import { importsOf, parse } from './imports';

/** The files that each file imports by a relative path, as far as they are among `files`. Paths are relative to the root. */
export function importGraph(files: readonly string[], textOf: (path: string) => string): Map<string, string[]> {
  const known = new Set(files);
  const resolve = (from: string, specifier: string): string | undefined => {
    const path = normalize(`${dirname(from)}/${specifier}`);
    return [path, `${path}.ts`, `${path}.tsx`, `${path}/index.ts`, `${path}/index.tsx`].find((each) => known.has(each));
  };
  return new Map(
    files.map((file) => [
      file,
      importsOf(parse(file, textOf(file))).flatMap(({ specifier }) => {
        const found = specifier.startsWith('.') ? resolve(file, specifier) : undefined;
        return found === undefined || found === file ? [] : [found];
      }),
    ])
  );
}

/** Groups of at least two files that import each other around a circle. */
export function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const open = new Set<string>();
  const found: string[][] = [];
  const visit = (file: string): void => {
    const own = index.size;
    index.set(file, own);
    low.set(file, own);
    stack.push(file);
    open.add(file);
    for (const next of graph.get(file) ?? []) {
      if (!index.has(next)) {
        visit(next);
        low.set(file, Math.min(low.get(file) ?? own, low.get(next) ?? own));
      } else if (open.has(next)) {
        low.set(file, Math.min(low.get(file) ?? own, index.get(next) ?? own));
      }
    }
    if (low.get(file) === own) {
      const members = stack.splice(stack.indexOf(file));
      members.forEach((member) => open.delete(member));
      if (members.length > 1) {
        found.push(members.sort());
      }
    }
  };
  [...graph.keys()].forEach((file) => index.has(file) || visit(file));
  return found;
}
