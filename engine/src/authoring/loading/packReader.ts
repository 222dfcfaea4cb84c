import { check } from '../check';
import {
  causesSchema,
  fixesSchema,
  runbookSchema,
  signalsSchema,
  type AuthoredPack,
  type AuthoredRunbook,
} from '../schema';
import { readYaml, type YamlSource } from '../source';
import type { Definitions, Entry } from './definitions';
import { join, normalize } from './paths';

export type PackFiles = Readonly<Record<string, string>>;

/** Reads the files of the pack in `dir`, and of what it uses, into `defs`. */
export class PackReader {
  constructor(
    private readonly files: PackFiles,
    private readonly dir: string,
    private readonly defs: Definitions
  ) {}

  /** The folders that the pack uses and the single signal files that it lists. */
  readShared(authored: AuthoredPack, packSource: YamlSource): void {
    const listed = new Set<string>();
    for (const [index, path] of authored.signals.entries()) {
      const file = normalize(join(this.dir, path));
      if (this.files[file] === undefined) {
        this.defs.fail(
          { source: packSource, path: ['signals', index] },
          'no-file',
          `\`${path}\` (${file}) does not exist`
        );
      } else if (!file.startsWith(`${this.dir}/signals/`)) {
        listed.add(file);
      }
    }
    const parent = this.dir.includes('/') ? this.dir.slice(0, this.dir.lastIndexOf('/')) : '';
    const folders = new Set(authored.uses.map((name) => join(parent, name)));
    for (const [index, name] of authored.uses.entries()) {
      const folder = join(parent, name);
      if (!Object.keys(this.files).some((file) => file.startsWith(`${folder}/`))) {
        this.defs.fail(
          { source: packSource, path: ['uses', index] },
          'no-file',
          `the folder \`${folder}\` that the pack uses holds no file`
        );
      }
      this.readSignals(join(folder, 'signals'));
      this.readCauses(join(folder, 'causes'), name);
      this.readFixes(join(folder, 'fixes'));
    }
    for (const file of listed) {
      if (![...folders].some((folder) => file.startsWith(`${folder}/signals/`))) {
        this.readSignalFile(file);
      }
      // A listed file of a shared folder brings that folder's causes along.
      const folder = file.replace(/\/signals\/[^/]+$/, '');
      if (folder !== file && !folders.has(folder)) {
        folders.add(folder);
        this.readCauses(join(folder, 'causes'), folder.slice(folder.lastIndexOf('/') + 1));
        this.readFixes(join(folder, 'fixes'));
      }
    }
  }

  /** Answers the ids of the signals in a folder. */
  readSignals(folder: string): string[] {
    return this.inFolder(folder).flatMap((file) => this.readSignalFile(file));
  }

  /** Causes are named `<prefix>/<id>`. */
  readCauses(folder: string, prefix: string): void {
    for (const file of this.inFolder(folder)) {
      const source = readYaml(file, this.files[file] ?? '');
      this.defs.collect(
        source,
        check(causesSchema, source, this.defs.problems),
        this.defs.causes,
        'cause',
        (id) => `${prefix}/${id}`
      );
    }
  }

  readFixes(folder: string): void {
    for (const file of this.inFolder(folder)) {
      const source = readYaml(file, this.files[file] ?? '');
      this.defs.collect(
        source,
        check(fixesSchema, source, this.defs.problems),
        this.defs.sharedFixes,
        'fix',
        (id) => id
      );
    }
  }

  /** The runbooks beside `packFile`; a file where none is read is a problem. */
  readRunbooks(packFile: string): Array<Entry<AuthoredRunbook>> {
    const known = new Set(['signals', 'causes', 'fixes']);
    for (const file of Object.keys(this.files)) {
      const inside = file.startsWith(`${this.dir}/`) ? file.slice(this.dir.length + 1).split('/') : [];
      if (inside.length > 1 && /\.ya?ml$/.test(file) && !(inside.length === 2 && known.has(inside[0] ?? ''))) {
        this.defs.problems.push({
          file,
          line: 1,
          column: 1,
          severity: 'error',
          rule: 'no-place',
          message: 'a pack reads pack.yaml, *.yaml (runbooks), signals/*.yaml, causes/*.yaml and fixes/*.yaml only',
        });
      }
    }
    return this.inFolder(this.dir)
      .filter((file) => file !== packFile)
      .flatMap((file) => {
        const source = readYaml(file, this.files[file] ?? '');
        const value = check(runbookSchema, source, this.defs.problems);
        if (value === undefined) {
          return [];
        }
        const expected = file.slice(this.dir.length + 1).replace(/\.ya?ml$/, '');
        if (value.id !== expected) {
          this.defs.fail(
            { source, path: ['id'] },
            'file-name',
            `the runbook \`${value.id}\` must stand in ${value.id}.yaml (its address is its id)`
          );
        }
        return [{ value, origin: { source, path: [] } }];
      });
  }

  private readSignalFile(file: string): string[] {
    const source = readYaml(file, this.files[file] ?? '');
    return this.defs.collect(
      source,
      check(signalsSchema, source, this.defs.problems),
      this.defs.signals,
      'signal',
      (id) => id
    );
  }

  private inFolder(folder: string): string[] {
    const prefix = `${folder}/`;
    return Object.keys(this.files)
      .filter((file) => file.startsWith(prefix) && /^[^/]+\.ya?ml$/.test(file.slice(prefix.length)))
      .sort();
  }
}
