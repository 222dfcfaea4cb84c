import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Kind, Pack } from '@live-runbooks/engine';

import { soundFolder } from '../loadPacks';

export interface CompileOptions {
  /** Leaves the runbooks' tests out: `tests` is then empty. Nobody runs them where the packs are only read. */
  readonly withoutTests?: boolean;
  /** A folder of kinds on which the packs rest, and which is not written. */
  readonly kinds?: string;
}

/** The file beside the packs that holds all kinds. */
const KINDS_FILE = 'kinds.json';

/**
 * Writes each pack as `<out>/<pack>.json` and all kinds as `<out>/kinds.json`, the form that the plugin loads, keys in a stable order. Writes nothing when
 * any pack has a problem. Answers the exit code.
 */
export function compile(
  directory: string,
  out: string,
  print: (line: string) => void,
  { withoutTests = false, kinds: kindsOf }: CompileOptions = {}
): number {
  const loaded = soundFolder(directory, print, kindsOf);
  if (loaded === undefined) {
    return 1;
  }
  mkdirSync(out, { recursive: true });
  for (const { pack } of loaded.packs) {
    const file = join(out, `${pack.id}.json`);
    const text = `${JSON.stringify(withoutTests ? untested(pack) : pack)}\n`;
    writeFileSync(file, text);
    print(
      `${file}: ${pack.runbooks.length} runbooks, ${Object.keys(pack.signals).length} signals, ${Buffer.byteLength(text)} bytes`
    );
  }
  if (loaded.kinds.length > 0 && loaded.kindsBeside === undefined) {
    const kinds = loaded.kinds.map(({ kind }): Kind => (withoutTests ? { ...kind, pack: untested(kind.pack) } : kind));
    const text = `${JSON.stringify(kinds)}\n`;
    const file = join(out, KINDS_FILE);
    writeFileSync(file, text);
    print(`${file}: ${kinds.length} kinds, ${Buffer.byteLength(text)} bytes`);
  }
  return 0;
}

function untested(pack: Pack): Pack {
  return { ...pack, runbooks: pack.runbooks.map((runbook) => ({ ...runbook, tests: [] })) };
}
