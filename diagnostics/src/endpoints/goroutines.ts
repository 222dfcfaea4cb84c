/** The text of Go's `/debug/pprof/goroutine?debug=1`: goroutines, counted by the stack that they have in common. */
export interface GoroutineProfile {
  readonly total: number;
  /** Largest first. */
  readonly stacks: readonly GoroutineStack[];
}

export interface GoroutineStack {
  readonly count: number;
  /** Where they are: the innermost function. */
  readonly at: string;
  /** The innermost function outside the standard library, with file and line; null when there is none. */
  readonly application: string | null;
  readonly line: string | null;
  /** The outermost function: what was started with `go`. */
  readonly started: string;
}

const HEADER = /^goroutine profile: total (\d+)/;
const GROUP = /^(\d+) @(?: 0x[0-9a-f]+)*/;
const FRAME = /^#\s+0x[0-9a-f]+\s+(\S+?)\+0x[0-9a-f]+\s+(\S+?):(\d+)$/;

/** Undefined when the text is no such profile. */
export function readGoroutines(text: string): GoroutineProfile | undefined {
  const total = HEADER.exec(text)?.[1];
  if (total === undefined) {
    return undefined;
  }
  const stacks = text.split(/\n\s*\n|\n(?=\d+ @)/).flatMap(readStack);
  return { total: Number(total), stacks: stacks.sort((a, b) => b.count - a.count) };
}

function readStack(text: string): GoroutineStack[] {
  const lines = text.split('\n');
  const count = lines.map((line) => GROUP.exec(line)?.[1]).find((found) => found !== undefined);
  const frames = lines.flatMap((line) => {
    const [, name, file, number] = FRAME.exec(line) ?? [];
    return name === undefined ? [] : [{ name, line: `${file?.split('/').slice(-2).join('/')}:${number}` }];
  });
  const first = frames[0];
  if (count === undefined || first === undefined) {
    return [];
  }
  const own = frames.find(({ name }) => isApplication(name));
  return [
    {
      count: Number(count),
      at: first.name,
      application: own?.name ?? null,
      line: own?.line ?? null,
      started: frames.at(-1)?.name ?? first.name,
    },
  ];
}

/** Packages of the standard library have no dot in the first part of their path; `main` is the program itself. */
function isApplication(name: string): boolean {
  const [root = ''] = name.split('/');
  return name.startsWith('main.') || (name.includes('/') && root.includes('.'));
}
