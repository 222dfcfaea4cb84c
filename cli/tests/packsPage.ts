/** What docs/packs.md says of the format of the packs, and what the schemas say, in a form that can be compared. */
import { z } from 'zod';

import { alertCasesSchema } from '../src/generate/alertCases';
import { packTest } from '../../engine/src/authoring/notation/packTest';
import {
  causesSchema,
  estateTestsSchema,
  fixesSchema,
  kindSchema,
  packSchema,
  runbookSchema,
  signalsSchema,
} from '../../engine/src/authoring/schema';

/** The kinds of files; an example names its kind behind `yaml` at its fence. */
export const FORMATS: Readonly<Record<string, z.ZodType>> = {
  pack: packSchema,
  kind: kindSchema,
  signals: signalsSchema,
  causes: causesSchema,
  fixes: fixesSchema,
  runbook: runbookSchema,
  tests: z.array(packTest),
  'estate-tests': estateTestsSchema,
  cases: alertCasesSchema,
};

/** The part of a JSON Schema that is read here. */
export interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly allOf?: readonly Node[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly $ref?: string;
}

export interface Key {
  /** The heading of the page under which it is described. */
  readonly section: string;
  /** As the page writes it: `params.<name>.kind`. */
  readonly name: string;
  readonly required: boolean;
  readonly node: Node;
}

/** What an author writes, as JSON Schema. */
export function schemaOf(format: z.ZodType): Node {
  return z.toJSONSchema(format, { io: 'input', target: 'draft-7' }) as Node;
}

/** Where a key is described. Conditions, causes, fixes and tests have one description each, wherever they may stand. */
function placeOf(kind: string, path: string): Pick<Key, 'section' | 'name'> {
  const condition = /(?:^|\.)(?:where|proves)\.<name>\.(\w+)$/.exec(path)?.[1];
  if (condition !== undefined) {
    return { section: 'Conditions', name: condition };
  }
  const inFile = { signals: 'Signals', causes: 'Causes', fixes: 'Fixes' }[kind];
  if (inFile !== undefined) {
    return { section: inFile, name: asEvidence(path.replace(/^<name>\./, '')) };
  }
  const inRunbook = kind === 'runbook' ? /^(causes|fixes)\.<name>\.(.*)$|^(tests)\.(.*)$/.exec(path) : null;
  if (inRunbook) {
    const [, ofMap, inMap = '', ofList = '', inList = ''] = inRunbook;
    const section = { causes: 'Causes', fixes: 'Fixes', tests: 'Tests' }[ofMap ?? ofList] ?? '';
    return { section, name: asEvidence(ofMap === undefined ? inList : inMap) };
  }
  // What is given at a component is given as in a test of a runbook.
  const inGiven = kind === 'estate-tests' ? /^given\.<name>\.<name>\.(.*)$/.exec(path)?.[1] : undefined;
  if (inGiven !== undefined) {
    return { section: 'Tests', name: `given.<name>.${inGiven}` };
  }
  // A kind has its name and its parameters as a pack has them.
  if (kind === 'kind' && !/^(identity|dialects|target|roles)\b/.test(path)) {
    return { section: 'Packs', name: path };
  }
  return {
    section:
      {
        pack: 'Packs',
        kind: 'Kinds',
        runbook: 'Runbooks',
        tests: 'Tests',
        'estate-tests': 'Tests of an estate',
        cases: 'Cases of alerts',
      }[kind] ?? '',
    name: path,
  };
}

/** `also` is a list of the same evidence. */
function asEvidence(name: string): string {
  return name.replace(/^also\./, 'evidence.');
}

/**
 * The keys that a format allows, one for each place at which it stands; with `data`, those that `data` uses. A list is
 * named like its entries, and `<name>` stands for the names in a map. Throws on a schema that refers to another.
 */
export function keysOf(kind: string, node: Node, data?: { readonly value: unknown }, path = ''): Key[] {
  if (node.$ref !== undefined) {
    throw new Error(`${kind} ${path}: a reference, ${node.$ref}, is not followed`);
  }
  const join = (name: string) => (path === '' ? name : `${path}.${name}`);
  const record = isRecord(data?.value) ? data.value : {};
  const inProperties = Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    if (data !== undefined && !Object.hasOwn(record, name)) {
      return [];
    }
    const key = { ...placeOf(kind, join(name)), required: node.required?.includes(name) ?? false, node: child };
    return [key, ...keysOf(kind, child, data && { value: record[name] }, join(name))];
  });
  const { additionalProperties: values, items } = node;
  const inMap =
    typeof values !== 'object'
      ? []
      : data === undefined
        ? keysOf(kind, values, undefined, join('<name>'))
        : Object.values(record).flatMap((value) => keysOf(kind, values, { value }, join('<name>')));
  const list = Array.isArray(data?.value) ? (data.value as unknown[]) : [];
  const inItems =
    items === undefined
      ? []
      : data === undefined
        ? keysOf(kind, items, undefined, path)
        : list.flatMap((value) => keysOf(kind, items, { value }, path));
  const inForms = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])].flatMap((form) =>
    keysOf(kind, form, data, path)
  );
  return [...inProperties, ...inMap, ...inItems, ...inForms];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface Row {
  readonly section: string;
  readonly name: string;
  /** The cell under `default`; undefined in a table that has no such column. */
  readonly fallback: string | undefined;
}

export interface Example {
  readonly kind: string;
  /** It shows a key that no pack of this repository uses. */
  readonly invented: boolean;
  readonly line: number;
  readonly text: string;
}

export interface Page {
  readonly sections: ReadonlyMap<string, string>;
  readonly rows: readonly Row[];
  readonly examples: readonly Example[];
}

/** Reads the page: its sections by heading, the rows of the tables of keys, and the examples. */
export function readPage(text: string): Page {
  const sections = new Map<string, string>();
  const rows: Row[] = [];
  const examples: Example[] = [];
  let section = '';
  let columns: string[] = [];
  let fence: { info: string; line: number; lines: string[] } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    if (fence && line !== '```') {
      fence.lines.push(line);
    } else if (fence) {
      const [language, kind = '', mark] = fence.info.split(' ');
      if (language === 'yaml') {
        examples.push({ kind, invented: mark === 'invented', line: fence.line, text: fence.lines.join('\n') });
      }
      fence = undefined;
    } else if (line.startsWith('```')) {
      fence = { info: line.slice(3), line: index + 1, lines: [] };
    } else if (line.startsWith('## ')) {
      section = line.slice(3);
    } else if (line.startsWith('|')) {
      const cells = line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim());
      const name = /^`([^`]+)`$/.exec(cells[0] ?? '')?.[1];
      if (cells[0] === 'key') {
        columns = cells;
      } else if (name !== undefined && columns.length > 0) {
        rows.push({ section, name, fallback: cells[columns.indexOf('default')] });
      }
    } else {
      columns = [];
    }
    sections.set(section, `${sections.get(section) ?? ''}${line}\n`);
  }
  return { sections, rows, examples };
}
