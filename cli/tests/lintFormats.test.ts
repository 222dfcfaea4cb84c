/** The other forms in which lint speaks: SARIF for code review, and the page of its rules. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

import { ruleTexts } from '@live-runbooks/engine/authoring';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { generateRules } from '../src/commands/generateRules';
import { lint } from '../src/commands/lint';

let folder = '';
let lines: string[] = [];
const print = (line: string) => void lines.push(line);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'live-runbooks-formats '));
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const text = z.strictObject({ text: z.string().min(1) });
/** What SARIF 2.1.0 requires of the properties that are written, and no other property. */
const SARIF = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z.tuple([
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string().min(1),
          rules: z.array(
            z.strictObject({ id: z.string().min(1), shortDescription: text, fullDescription: text, help: text })
          ),
        }),
      }),
      columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']),
      results: z.array(
        z.strictObject({
          ruleId: z.string().min(1),
          ruleIndex: z.int().min(0),
          level: z.enum(['none', 'note', 'warning', 'error']),
          message: text,
          locations: z.tuple([
            z.strictObject({
              physicalLocation: z.strictObject({
                artifactLocation: z.strictObject({ uri: z.string().regex(/^[\w.~%!$&'()*+,;=:@/-]+$/) }),
                region: z.strictObject({ startLine: z.int().min(1), startColumn: z.int().min(1) }),
              }),
            }),
          ]),
        })
      ),
    }),
  ]),
});

describe('lint --format sarif', () => {
  it('writes one document of SARIF 2.1.0, with each problem at its place and each rule with its texts', () => {
    const pack = join(folder, 'p');
    mkdirSync(join(pack, 'signals'), { recursive: true });
    writeFileSync(join(pack, 'pack.yaml'), 'id: p\ntitle: P\ndescription: D\n');
    writeFileSync(
      join(pack, 'signals/s.yaml'),
      'it:\n  title: It\n  prometheus: rate(x)\n  test: { above: 0 }\n  unit: secnds\n'
    );
    writeFileSync(
      join(pack, 'r.yaml'),
      'id: r\ntitle: R\nsummary: S\narea: a\nservice: s\nseverity: info\nsymptoms: [it]\ncauses:\n  c: { title: C, says: C, evidence: [{ signal: it, present: strong }], fixes: [] }\n'
    );
    expect(lint(pack, print, { format: 'sarif' })).toBe(1);
    const [run] = SARIF.parse(JSON.parse(lines.join('\n'))).runs;
    for (const { ruleId, ruleIndex } of run.results) {
      expect(run.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    }
    const wrong = run.results.find(({ ruleId }) => ruleId === 'promql-type');
    const { uri } = wrong?.locations[0].physicalLocation.artifactLocation ?? { uri: '' };
    expect(decodeURIComponent(uri)).toBe(relative(process.cwd(), join(pack, 'signals/s.yaml')));
    expect(wrong?.locations[0].physicalLocation.region).toEqual({ startLine: 3, startColumn: 15 });
    expect(run.results.map(({ ruleId }) => ruleId)).toContain('unit');
  });

  it('says of sound packs that there is no result', () => {
    expect(lint(resolve(import.meta.dirname, '../../runbooks'), print, { format: 'sarif' })).toBe(0);
    expect(SARIF.parse(JSON.parse(lines.join('\n'))).runs[0].results).toEqual([]);
  });
});

describe('the rules', () => {
  it('have an id of their own each', () => {
    expect(new Set(ruleTexts.map(({ id }) => id)).size).toBe(ruleTexts.length);
  });

  it('stand in docs/lint.md as they are', () => {
    expect(generateRules({ check: true }, print), lines.join('\n')).toBe(0);
  });
});
