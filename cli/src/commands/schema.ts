import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { jsonSchemas } from '@live-runbooks/engine/authoring';

interface SchemaOptions {
  /** The folder that gets `<kind of file>.json`. */
  readonly out: string;
  /** Compare instead of writing. */
  readonly check: boolean;
}

/** Writes (or compares) the JSON Schemas that editors check packs with; answers the exit code. */
export function schema({ out, check }: SchemaOptions, print: (line: string) => void): number {
  let stale = 0;
  for (const [name, json] of jsonSchemas()) {
    const file = join(out, `${name}.json`);
    const text = `${JSON.stringify(json, null, 2)}\n`;
    if (check) {
      const current = existsSync(file) && readFileSync(file, 'utf8') === text;
      stale += Number(!current);
      print(current ? `${file} is up to date` : `${file} is out of date: run \`live-runbooks schema --out ${out}\``);
    } else {
      mkdirSync(out, { recursive: true });
      writeFileSync(file, text);
      print(`${file} written`);
    }
  }
  return stale > 0 ? 1 : 0;
}
