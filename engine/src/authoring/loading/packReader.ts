import { check } from '../check';
import type { DeclaredComponent } from '../../model/pack';
import {
  causesSchema,
  estateTestsSchema,
  fixesSchema,
  runbookSchema,
  signalsSchema,
  type AuthoredPack,
  type AuthoredRunbook,
} from '../schema';
import { readYaml, type YamlSource } from '../source';
import { compileEstateTests, type EstateTest } from './compileEstateTests';
import type { Definitions, Entry } from './definitions';
import { extended } from './extended';
import { kindFolders, KINDS, type PackFiles } from './packFiles';
import { join } from './paths';

/** The folder of a pack with situations of its estate. */
const ESTATE_TESTS = 'tests';

/** Reads the files of the pack in `dir`, and of what it uses, into `defs`. */
export class PackReader {
  constructor(
    private readonly files: PackFiles,
    private readonly dir: string,
    private readonly defs: Definitions
  ) {}

  /** The kinds, and other folders beside the pack, that it uses. */
  readShared(authored: AuthoredPack, packSource: YamlSource): void {
    const parent = this.dir.includes('/') ? this.dir.slice(0, this.dir.lastIndexOf('/')) : '';
    for (const [index, name] of authored.uses.entries()) {
      const places = [join(parent, KINDS, name), join(parent, name)];
      const folder = places.find((each) => this.isFolder(each)) ?? kindFolders(this.files).get(name);
      if (folder === undefined) {
        this.defs.fail(
          { source: packSource, path: ['uses', index] },
          'no-file',
          `the pack uses \`${name}\`, and neither \`${places.join('` nor `')}\` holds a file`
        );
      } else {
        this.readFolder(folder, name);
      }
    }
  }

  /** The signals, causes (`<name>/<id>`) and fixes of a folder. */
  readFolder(folder: string, name: string): void {
    this.readSignals(join(folder, 'signals'));
    this.readCauses(join(folder, 'causes'), name);
    this.readFixes(join(folder, 'fixes'));
  }

  /** Answers the ids of the signals in a folder. With `replaces` one of them may stand in the place of one of a kind. */
  readSignals(folder: string, replaces = false): string[] {
    return this.inFolder(folder).flatMap((file) =>
      this.readSignalFile(file, (earlier) => replaces && earlier.split('/').includes(KINDS))
    );
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
    const known = new Set(['signals', 'causes', 'fixes', ESTATE_TESTS]);
    for (const file of Object.keys(this.files)) {
      const inside = file.startsWith(`${this.dir}/`) ? file.slice(this.dir.length + 1).split('/') : [];
      if (inside.length > 1 && /\.ya?ml$/.test(file) && !(inside.length === 2 && known.has(inside[0] ?? ''))) {
        this.defs.problems.push({
          file,
          line: 1,
          column: 1,
          severity: 'error',
          rule: 'no-place',
          message:
            'a pack reads pack.yaml, *.yaml (runbooks), signals/*.yaml, causes/*.yaml, fixes/*.yaml and tests/*.yaml only',
        });
      }
    }
    return this.inFolder(this.dir)
      .filter((file) => file !== packFile)
      .flatMap((file) => {
        const source = readYaml(file, this.files[file] ?? '');
        const value = check(runbookSchema, extended(source, this.files, this.defs.problems), this.defs.problems);
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

  /** The situations of the estate that the pack declares. */
  readEstateTests(components: readonly DeclaredComponent[]): EstateTest[] {
    return this.inFolder(join(this.dir, ESTATE_TESTS)).flatMap((file) => {
      const source = readYaml(file, this.files[file] ?? '');
      const value = check(estateTestsSchema, source, this.defs.problems);
      return value === undefined ? [] : compileEstateTests(this.defs, value, components, source);
    });
  }

  private readSignalFile(file: string, replaces: (earlier: string) => boolean): string[] {
    const source = readYaml(file, this.files[file] ?? '');
    return this.defs.collect(
      source,
      check(signalsSchema, source, this.defs.problems),
      this.defs.signals,
      'signal',
      (id) => id,
      replaces
    );
  }

  private isFolder(folder: string): boolean {
    return Object.keys(this.files).some((file) => file.startsWith(`${folder}/`));
  }

  private inFolder(folder: string): string[] {
    const prefix = `${folder}/`;
    return Object.keys(this.files)
      .filter((file) => file.startsWith(prefix) && /^[^/]+\.ya?ml$/.test(file.slice(prefix.length)))
      .sort();
  }
}
