/** The one direction between the rooms: the table of docs/ARCHITECTURE.md, held against the code. */
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { importsOf, parse } from './imports';

/** What each room may import; `everything` for the rooms that stand outside the direction. */
export type Table = ReadonlyMap<string, ReadonlySet<string> | 'everything'>;

/** Rooms that the table of the page does not hold: they build the others. */
const OUTSIDE: ReadonlyArray<readonly [string, 'everything']> = [['scripts', 'everything']];

/** zod and yaml stay out of the browser. */
const AUTHORING = {
  entry: 'engine/src/authoring',
  for: new Set(['engine', 'diagnostics', 'cli', 'tests', 'bench', 'scripts']),
};

/** The packs compiled to JSON, made by the plugin's build; only the plugin loads them. */
const COMPILED_PACKS = '@live-runbooks/packs';

/** Reads the table of rooms from the page. */
export function tableOf(architecture: string): Table {
  const rows = architecture.slice(architecture.indexOf('| room |')).split('\n').slice(2);
  const end = rows.findIndex((row) => !row.startsWith('|'));
  const table = new Map<string, ReadonlySet<string> | 'everything'>(OUTSIDE);
  for (const row of rows.slice(0, end)) {
    const [, rooms = '', , imports = ''] = row.split('|').map((cell) => cell.trim());
    const allowed =
      imports === 'everything'
        ? ('everything' as const)
        : new Set(imports.match(/[a-z]+/g)?.filter((word) => word !== 'nothing'));
    for (const [, room] of rooms.matchAll(/`([a-z]+)\/`/g)) {
      table.set(room!, allowed);
    }
  }
  return table;
}

/** Sentences about the imports of `paths` (relative to `root`, with `/`) that go against the table. */
export function forbiddenImports(root: string, paths: readonly string[], table: Table): string[] {
  return paths
    .filter((path) => /\.[mc]?[jt]sx?$/.test(path))
    .flatMap((path) => {
      const room = roomOf(path, table);
      const allowed = room === undefined ? 'everything' : table.get(room)!;
      const file = parse(path, readFileSync(join(root, path), 'utf8'));
      return importsOf(file).flatMap(({ specifier, line }) => {
        const target = targetOf(path, specifier);
        const other = target === undefined ? undefined : roomOf(target, table);
        const at = `${path}:${line}`;
        if (room !== 'src' && specifier === COMPILED_PACKS) {
          return [`${at}: only src/ loads the compiled packs`];
        }
        if (target === undefined || other === undefined || room === undefined) {
          return [];
        }
        if (isAuthoring(target) && (!AUTHORING.for.has(room) || (room === 'engine' && !besideAuthoring(path)))) {
          return [`${at}: ${specifier} would bring zod and yaml into the plugin's bundle`];
        }
        return other === room || allowed === 'everything' || allowed.has(other) || isServerForTests(path, target)
          ? []
          : [`${at}: ${room}/ may not import ${specifier} of ${other}/`];
      });
    });
}

function roomOf(path: string, table: Table): string | undefined {
  const [first = '', ...rest] = path.split('/');
  return rest.length > 0 && table.has(first) ? first : undefined;
}

/** Where a specifier leads inside the repository; undefined for packages of others. */
function targetOf(importer: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) {
    return posix.join(posix.dirname(importer), specifier);
  }
  const [, room, rest] = /^@live-runbooks\/([a-z]+)(\/.*)?$/.exec(specifier) ?? [];
  return room === undefined ? undefined : `${room}/src${rest ?? '/index'}`;
}

function isAuthoring(target: string): boolean {
  return target === AUTHORING.entry || target.startsWith(`${AUTHORING.entry}/`);
}

function besideAuthoring(path: string): boolean {
  return path.startsWith(`${AUTHORING.entry}/`) || isTest(path);
}

/** A room's own tests may start the demo's real servers. */
function isServerForTests(path: string, target: string): boolean {
  return isTest(path) && /^demo\/src\/servers(?:\/|$)/.test(target);
}

function isTest(path: string): boolean {
  return /^[a-z]+\/tests\//.test(path) || /\.test\.tsx?$/.test(path);
}
