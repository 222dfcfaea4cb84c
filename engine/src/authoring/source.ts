import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type YAMLError,
} from 'yaml';

import type { LoadingRule } from './loading/texts';
import type { Problem } from './problem';

export type Path = ReadonlyArray<string | number>;

/** A YAML file that remembers where everything in it stood. */
export interface YamlSource {
  readonly file: string;
  /** Plain data; undefined when the file has syntax errors. */
  readonly data: unknown;
  readonly problems: readonly Problem[];
  /** Place of the value at a path, or of the nearest parent that is there. */
  at(path: Path): { line: number; column: number };
  /** Place of the key at a path (the parent's when it is not there). */
  atKey(path: Path): { line: number; column: number };
}

/** Parses one file. Syntax errors (duplicate keys among them) become problems; nothing is thrown. */
export function readYaml(file: string, text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    merge: true,
    stringKeys: true,
  });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems: Problem[] = [];
  const fail = (offset: number, rule: LoadingRule, message: string) =>
    void problems.push({ file, ...place(offset), severity: 'error', rule, message });
  const errors = [...document.errors, ...document.warnings];
  const firstTab = errors.find(({ code }) => code === TAB);
  for (const error of errors) {
    if (error.code !== TAB || error === firstTab) {
      fail(error.pos[0], 'syntax', messageOf(error));
    }
  }
  const anchors = new Set<string | undefined>();
  visit(document, {
    Alias: (_key, { source, range }) => {
      if (!anchors.has(source)) {
        fail(range?.[0] ?? 0, 'syntax', `the alias \`*${source}\` has no anchor \`&${source}\` before it`);
      }
    },
    Collection: (_key, { anchor }) => void anchors.add(anchor),
    Scalar: (_key, { anchor, type, source = '', value, range }) => {
      anchors.add(anchor);
      if (type === 'PLAIN' && typeof value === 'number' && /^[-+]?0\d/.test(source)) {
        fail(
          range?.[0] ?? 0,
          'leading-zero',
          `\`${source}\` is read as ${value}: quote it when it is a text, else write ${value}`
        );
      }
    },
  });
  let data: unknown;
  if (problems.length === 0) {
    try {
      data = document.toJS({ maxAliasCount: 100 });
    } catch (error) {
      fail(0, 'syntax', error instanceof Error ? error.message : String(error));
    }
  }
  return {
    file,
    data,
    problems,
    at: (path) => place(offsetOf(document, path, false)),
    atKey: (path) => place(offsetOf(document, path, true)),
  };
}

/** What an author wrote at a path; undefined when nothing was. */
export function valueAt({ data }: YamlSource, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[step] : undefined,
    data
  );
}

const TAB = 'TAB_AS_INDENT';
const MUST_BE_QUOTED =
  'a text that holds `: `, ` #` or begins with `{`, `[`, `*`, `&`, `!`, `%`, `@` or a quote must be quoted';

/** What an author reads of a syntax error; the parser speaks to programmers. */
function messageOf({ code, message }: YAMLError): string {
  const said = message.replace(/\s+/g, ' ');
  switch (code) {
    case TAB:
      return `${said}: YAML is indented by spaces`;
    case 'MULTIPLE_DOCS':
      return 'a file holds one document: delete the line `---`, or make it two files';
    case 'DUPLICATE_KEY':
      return `${said}; every key may stand only once in a map`;
    case 'NON_STRING_KEY':
      return 'a text that begins with `{{` must be quoted';
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
    case 'UNEXPECTED_TOKEN':
      return `${said}; ${MUST_BE_QUOTED}`;
    default:
      return said;
  }
}

function offsetOf(document: Document, path: Path, wantKey: boolean): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, step] of path.entries()) {
    const last = index === path.length - 1;
    if (isAlias(node)) {
      node = node.resolve(document);
    }
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined) {
        return offset;
      }
      offset = last && !wantKey ? (startOf(pair.value) ?? startOf(pair.key) ?? offset) : (startOf(pair.key) ?? offset);
      node = pair.value;
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(step)];
      if (item === undefined) {
        return offset;
      }
      offset = startOf(item) ?? offset;
      node = item;
    } else {
      return offset;
    }
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
