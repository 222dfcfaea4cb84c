import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Pack } from '@live-runbooks/engine';
import { formatProblem } from '@live-runbooks/engine/authoring';

import { loadPacks } from '../loadPacks';

export interface CompileOptions {
  /** Leaves the runbooks' tests out: `tests` is then empty. Nobody runs them where the packs are only read. */
  readonly withoutTests?: boolean;
}

/**
 * Writes each pack as `<out>/<pack>.json`, the form that the plugin loads, keys in a stable order. Writes nothing when
 * any pack has a problem. Answers the exit code.
 */
export function compile(
  directory: string,
  out: string,
  print: (line: string) => void,
  { withoutTests = false }: CompileOptions = {}
): number {
  const { loaded, problems } = loadPacks(directory);
  if (problems.length > 0) {
    problems.map(formatProblem).forEach(print);
    return 1;
  }
  mkdirSync(out, { recursive: true });
  for (const { pack } of loaded) {
    const file = join(out, `${pack.id}.json`);
    const text = `${JSON.stringify(withoutTests ? untested(pack) : pack)}\n`;
    writeFileSync(file, text);
    print(
      `${file}: ${pack.runbooks.length} runbooks, ${Object.keys(pack.signals).length} signals, ${Buffer.byteLength(text)} bytes`
    );
  }
  return 0;
}

function untested(pack: Pack): Pack {
  return { ...pack, runbooks: pack.runbooks.map((runbook) => ({ ...runbook, tests: [] })) };
}
