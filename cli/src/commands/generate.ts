import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { isEstate } from '@live-runbooks/engine';
import { parse } from 'yaml';

import { alertTestFiles, ruleFiles } from '../generate/alertFiles';
import type { AlertOptions } from '../generate/alerts';
import { soundPacks } from '../loadPacks';

export interface GenerateOptions {
  /** `name=value`. */
  readonly bind: readonly string[];
  readonly baseUrl: string;
  /** A folder that gets the rule files alone; without it, `alerts/` is written, its promtool tests too. */
  readonly out?: string;
  /** Compare instead of writing. */
  readonly check: boolean;
  /** A folder of kinds on which the packs rest. */
  readonly kinds?: string;
}

/** The committed output: the folder of alerts, beside the folder of packs. */
const ALERTS = 'alerts';

/** Writes (or compares) what is generated from the packs under `directory`; answers the exit code. */
export function generate(directory: string, options: GenerateOptions, print: (line: string) => void): number {
  const loaded = soundPacks(directory, print, options.kinds);
  if (loaded === undefined) {
    return 1;
  }
  const all = loaded.map(({ pack }) => pack);
  const packs = all.filter((pack) => !isEstate(pack));
  for (const { id } of all.filter(isEstate)) {
    print(`${id}: alert rules are not generated for components`);
  }
  if (packs.length === 0) {
    print('there is nothing to generate: no pack here has parameters of its own');
    return 1;
  }
  const alerts: AlertOptions = { bind: parseBindings(options.bind), baseUrl: options.baseUrl.replace(/\/+$/, '') };
  const rules = ruleFiles(packs, alerts);
  if (options.out !== undefined) {
    const files = new Map([...rules].map(([path, text]) => [path.replace(/^prometheus\//, ''), text]));
    return options.check ? compare(options.out, files, [], print) : write(options.out, files, [], print);
  }
  const files = new Map([...rules, ...alertTestFiles(packs, alerts, readCases)]);
  const stale = generatedFiles().filter((path) => !files.has(path));
  return options.check ? compare(ALERTS, files, stale, print) : write(ALERTS, files, stale, print);
}

function parseBindings(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((each) => {
      const at = each.indexOf('=');
      if (at < 1) {
        throw new Error(`--bind ${each}: write it as name=value, like --bind window=15s`);
      }
      return [each.slice(0, at), each.slice(at + 1)];
    })
  );
}

function readCases(pack: string, alert: string): unknown {
  const file = join(ALERTS, 'cases', pack, `${alert}.yaml`);
  return existsSync(file) ? (parse(readFileSync(file, 'utf8'), { merge: true }) as unknown) : undefined;
}

/** What is in the folder now that could only have come from here. */
function generatedFiles(): string[] {
  const root = join(ALERTS, 'prometheus');
  if (!existsSync(root)) {
    return [];
  }
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
    .map((entry) => relative(ALERTS, join(entry.parentPath, entry.name)));
}

function write(
  folder: string,
  files: ReadonlyMap<string, string>,
  stale: readonly string[],
  print: (line: string) => void
): number {
  for (const [path, text] of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  stale.forEach((path) => rmSync(join(folder, path)));
  print(`${files.size} files written to ${folder}${stale.length > 0 ? `, ${stale.length} removed` : ''}`);
  return 0;
}

function compare(
  folder: string,
  files: ReadonlyMap<string, string>,
  stale: readonly string[],
  print: (line: string) => void
): number {
  const wrong = [
    ...[...files].flatMap(([path, text]) => {
      const file = join(folder, path);
      return !existsSync(file)
        ? [`${file} is missing`]
        : readFileSync(file, 'utf8') === text
          ? []
          : [`${file} is out of date`];
    }),
    ...stale.map((path) => `${join(folder, path)} is not generated any more`),
  ];
  wrong.forEach(print);
  print(wrong.length === 0 ? `${files.size} generated files are up to date` : 'run: npx tsx cli/src/main.ts generate');
  return wrong.length === 0 ? 0 : 1;
}
