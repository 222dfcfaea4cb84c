/** What an editor says of a pack: nothing of those that are sound, and the same as the engine of what no file may hold. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

import { jsonSchemas } from '@live-runbooks/engine/authoring';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { schema } from '../src/commands/schema';
import { readPackFolder } from '../src/readPacks';

const RUNBOOKS = resolve(import.meta.dirname, '../../runbooks');
const ajv = new Ajv({ strict: false, allErrors: true });
const validators = new Map([...jsonSchemas()].map(([name, json]) => [name, ajv.compile(json)]));

function kindOf(file: string): string {
  const folder = basename(dirname(file));
  if (['signals', 'causes', 'fixes'].includes(folder)) {
    return folder;
  }
  if (folder === 'tests') {
    return 'estate-tests';
  }
  return { 'pack.yaml': 'pack', 'kind.yaml': 'kind' }[basename(file)] ?? 'runbook';
}
/** What is wrong with a file's text, as an editor would list it. */
function problems(kind: string, text: string): string[] {
  const validate = validators.get(kind);
  if (!validate) {
    throw new Error(`no schema ${kind}`);
  }
  validate(parse(text, { merge: true }));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

const { files } = readPackFolder(resolve(RUNBOOKS, '../docs/worked-example'), RUNBOOKS);

describe('the JSON Schemas', () => {
  it('cover every kind of file, and find nothing in the packs of this repository', () => {
    expect(new Set(Object.keys(files).map(kindOf))).toEqual(new Set(validators.keys()));
    for (const [file, text] of Object.entries(files)) {
      expect([file, problems(kindOf(file), text)]).toEqual([file, []]);
    }
  });

  it.each([
    ['runbook', 'gorax/lock-contention.yaml', 'symptoms:', 'symptom:'],
    ['runbook', 'gorax/lock-contention.yaml', 'severity: critical', 'severity: fatal'],
    ['signals', 'kinds/http-service/signals/requests.yaml', 'unit: percentunit', 'units: percentunit'],
    ['signals', 'kinds/http-service/signals/requests.yaml', 'test: { above: 0.01', 'test: { over: 0.01'],
    ['causes', 'kinds/workload/causes/pods.yaml', 'present: strong', 'present: stronger'],
    ['causes', 'kinds/workload/causes/pods.yaml', 'scope: pack', 'scope: world'],
    ['fixes', 'kinds/postgres/fixes/server.yaml', 'risk: safe', 'risk: none'],
    ['pack', 'gorax/pack.yaml', 'kind: duration', 'kind: time'],
    ['kind', 'kinds/postgres/kind.yaml', 'discover:', 'discovery:'],
  ])('%s: find `%s` with %s as %s', (kind, file, from, to) => {
    const text = readFileSync(join(RUNBOOKS, file), 'utf8');
    expect(text).toContain(from);
    expect(problems(kind, text.replace(from, to))).not.toEqual([]);
  });
});

describe('the files for editors', () => {
  it('in this repository are up to date', () => {
    const lines: string[] = [];
    expect(
      schema({ out: join(RUNBOOKS, 'schema'), check: true }, (line) => lines.push(line)),
      lines.join('\n')
    ).toBe(0);
    expect(lines).toHaveLength(7);
  });

  it('are written, found up to date, and found out of date', () => {
    const out = mkdtempSync(join(tmpdir(), 'live-runbooks-schema-'));
    const lines: string[] = [];
    const run = (check: boolean) => schema({ out: join(out, 'deep'), check }, (line) => lines.push(line));
    try {
      expect([run(true), run(false), run(true)]).toEqual([1, 0, 0]);
      writeFileSync(join(out, 'deep', 'pack.json'), '{}\n');
      expect(run(true)).toBe(1);
      expect(lines.filter((line) => line.includes('pack.json is out of date: run `live-runbooks schema'))).toHaveLength(
        2
      );
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });
});
