import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Document, type Node } from 'yaml';

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
  const problems: Problem[] = [...document.errors, ...document.warnings].map((error) => ({
    file,
    ...place(error.pos[0]),
    severity: 'error',
    rule: 'syntax',
    message: `${error.message.replace(/\s+/g, ' ')}${hint(error.code)}`,
  }));
  visit(document, {
    Scalar: (_key, { type, source = '', value, range }) => {
      if (type === 'PLAIN' && typeof value === 'number' && /^[-+]?0\d/.test(source)) {
        problems.push({
          file,
          ...place(range?.[0] ?? 0),
          severity: 'error',
          rule: 'leading-zero',
          message: `\`${source}\` is read as ${value}: quote it when it is a text, else write ${value}`,
        });
      }
    },
  });
  let data: unknown;
  if (problems.length === 0) {
    try {
      data = document.toJS({ maxAliasCount: 100 });
    } catch (error) {
      problems.push({ file, line: 1, column: 1, severity: 'error', rule: 'syntax', message: String(error) });
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

function hint(code: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return '; every key may stand only once in a map';
    case 'NON_STRING_KEY':
      return '; a text that begins with `{{` must be quoted';
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
    case 'UNEXPECTED_TOKEN':
      return '; a text that holds `: `, ` #` or begins with `{`, `[`, `*`, `&`, `!`, `%`, `@` or a quote must be quoted';
    default:
      return '';
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
