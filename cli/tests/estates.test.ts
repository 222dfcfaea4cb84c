/** A pack that declares its components, as each command takes it: in a folder beside the kinds, by its own path, and kept elsewhere. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { compile } from '../src/commands/compile';
import { generate } from '../src/commands/generate';
import { lint } from '../src/commands/lint';
import { test as runTests } from '../src/commands/test';

const KINDS = 'runbooks/kinds';
const ALONE = 'docs/worked-example/acme';

let folder = '';
let lines: string[] = [];
const print = (line: string) => void lines.push(line);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'live-runbooks-estates-'));
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The pack beside the kinds, as the diagnostics service is given both. */
function beside(): string {
  cpSync(KINDS, join(folder, 'kinds'), { recursive: true });
  cpSync(ALONE, join(folder, 'acme'), { recursive: true });
  return join(folder, 'acme');
}
const ALERTS = { bind: [], baseUrl: 'http://localhost:3000', check: false };

describe('a pack that declares its components', () => {
  it('is linted and tested by its own path, with the kinds beside it or named', () => {
    const pack = beside();
    const said = (work: (directory: string, options: { kinds?: string }) => number) =>
      (
        [
          [pack, {}],
          [ALONE, { kinds: KINDS }],
        ] as const
      ).map(([directory, options]) => {
        lines = [];
        return [work(directory, options), ...lines];
      });
    const linted = said((directory, options) => lint(directory, print, { format: 'text', ...options }));
    expect(linted).toEqual(Array(2).fill([0, '1 packs, 0 errors, 0 warnings']));
    const [here, there] = said((directory, options) => runTests(directory, print, options));
    expect(here).toEqual([0, expect.stringMatching(/^\d\d passed, 0 failed$/)]);
    expect(there).toEqual(here);
  });

  it('says which of its own situations fails, given by its own path', () => {
    const file = join(beside(), 'tests', 'databases.yaml');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('leads: orders-db/idle-in-transaction', 'leads: ledger-db/idle-in-transaction')
    );
    expect(runTests(join(folder, 'acme'), print)).toBe(1);
    expect(lines.join('\n')).toContain(
      'expected ledger-db/idle-in-transaction to lead, and orders-db/idle-in-transaction leads'
    );
  });

  it('without the kinds says what is missing, once, and where they are named', () => {
    const alone = join(folder, 'acme');
    cpSync(ALONE, alone, { recursive: true });
    expect(lint(alone, print)).toBe(1);
    expect(lines.filter((line) => line.includes('error:'))).toEqual([
      expect.stringMatching(/pack\.yaml:6:3: error: there are no kinds .*`--kinds` of the command line/),
    ]);
  });

  it('does not pass while a kind on which it rests is broken', () => {
    const pack = beside();
    writeFileSync(join(folder, 'kinds', 'postgres', 'kind.yaml'), 'id: postgres\n');
    expect(lint(pack, print)).toBe(1);
    expect(lines.join('\n')).toMatch(/kinds\/postgres\/kind\.yaml:1:1: error: /);
    lines = [];
    expect(lint(ALONE, print, { format: 'text', kinds: join(folder, 'kinds') })).toBe(1);
    expect(lines.join('\n')).toMatch(/kinds\/postgres\/kind\.yaml:1:1: error: /);
  });

  it('has no alert rules, which is said, and nothing is written in their place', () => {
    const out = join(folder, 'rules');
    expect(generate(beside(), { ...ALERTS, out }, print)).toBe(1);
    expect(lines).toEqual([
      'acme: alert rules are not generated for components',
      'there is nothing to generate: no pack here has parameters of its own',
    ]);
    expect(readdirSync(folder)).not.toContain('rules');
  });

  it('costs no other pack its alert rules', () => {
    cpSync('runbooks', folder, { recursive: true });
    cpSync(ALONE, join(folder, 'acme'), { recursive: true });
    const out = join(folder, 'rules');
    expect(generate(folder, { ...ALERTS, out }, print)).toBe(0);
    expect(readdirSync(out).sort()).toEqual(['gorax.yaml', 'sqlstudio.yaml']);
    expect(lines[0]).toBe('acme: alert rules are not generated for components');
  });

  it('is compiled with kinds that are kept elsewhere, which are not written', () => {
    const out = join(folder, 'out');
    expect(compile(ALONE, out, print, { kinds: KINDS })).toBe(0);
    expect(readdirSync(out)).toEqual(['acme.json']);
    expect(JSON.parse(readFileSync(join(out, 'acme.json'), 'utf8'))).toMatchObject({
      runbooks: [{ id: 'payments-errors', extends: { kind: 'http-service', runbook: 'errors' }, of: 'payments' }],
    });
  });
});
