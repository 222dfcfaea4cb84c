/** The licences of everything that a bundle holds: each package by name, with its version and the text that it brings. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

export interface Licensed {
  readonly name: string;
  readonly version: string;
  /** SPDX, as its manifest says. */
  readonly licence: string;
  /** The text of its licence file; its manifest's word when it brings none. */
  readonly text: string;
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string | { readonly type?: string };
}

/** The packages that `files` belong to, by name. `root`: the directory that the files are relative to. */
export function licencesOf(files: readonly string[], root: string): Licensed[] {
  const folders = new Set(
    files.map((file) => packageFolder(path.resolve(root, file))).filter((each) => each !== undefined)
  );
  return [...folders]
    .map(licenceIn)
    .sort((a, b) => `${a.name} ${a.version}`.localeCompare(`${b.name} ${b.version}`, 'en'));
}

export function licenceText(all: readonly Licensed[]): string {
  const head = 'What is bundled here, with the licences that it comes under.\n';
  return [
    head,
    ...all.map(({ name, version, licence, text }) => `${name} ${version} (${licence})\n\n${text.trim()}\n`),
  ].join(`\n${'-'.repeat(80)}\n\n`);
}

/** Where the package of a file begins; undefined: it is of this project. */
function packageFolder(file: string): string | undefined {
  const at = file.lastIndexOf(`${path.sep}node_modules${path.sep}`);
  if (at === -1) {
    return undefined;
  }
  const [first = '', second = ''] = file.slice(at + '/node_modules/'.length).split(path.sep);
  return path.join(file.slice(0, at), 'node_modules', first.startsWith('@') ? path.join(first, second) : first);
}

function licenceIn(folder: string): Licensed {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
  const { name = path.basename(folder), version = '', license = 'see its text' } = manifest;
  const licence = typeof license === 'string' ? license : (license.type ?? 'see its text');
  const file = existsSync(folder) ? readdirSync(folder).find((each) => /^(licen[cs]e|copying)/i.test(each)) : undefined;
  const text = file === undefined ? `Licence: ${licence}` : readFileSync(path.join(folder, file), 'utf8');
  return { name, version, licence, text };
}
