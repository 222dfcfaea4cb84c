/** The estate of docs/worked-example: short, sound, and right about which of its two databases is in trouble. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

import { lint } from '../../cli/src/commands/lint';
import { test } from '../../cli/src/commands/test';

const FOLDER = 'docs/worked-example';
const KINDS = { kinds: 'runbooks/kinds' };

const textOf = (file: string) => readFileSync(join(FOLDER, file), 'utf8');
const linesOf = (file: string) => textOf(file).trimEnd().split('\n');

describe('the worked example', () => {
  let linted: { readonly code: number; readonly lines: readonly string[] };
  let tested: { readonly code: number; readonly lines: readonly string[] };
  beforeAll(() => {
    const run = (command: (print: (line: string) => void) => number) => {
      const lines: string[] = [];
      return { code: command((line) => lines.push(line)), lines };
    };
    linted = run((print) => lint(FOLDER, print, { format: 'text', ...KINDS }));
    tested = run((print) => test(FOLDER, print, KINDS));
  });

  it('has nothing that lint refuses', () => {
    expect(linted).toEqual({ code: 0, lines: ['1 packs, 0 errors, 0 warnings'] });
  });

  it('leads to the right component and cause in every situation', () => {
    expect(tested.lines.slice(0, -1)).toEqual([]);
    const situations = textOf('acme/tests/databases.yaml').match(/^- /gm)?.length ?? 0;
    expect(situations).toBeGreaterThan(5);
    expect(tested).toMatchObject({ code: 0, lines: [expect.stringMatching(/^\d+ passed, 0 failed$/)] });
  });

  it('is an estate of at most 60 lines and one runbook', () => {
    expect(linesOf('acme/pack.yaml').length).toBeLessThanOrEqual(60);
    expect(readdirSync(join(FOLDER, 'acme')).filter((name) => name.endsWith('.yaml'))).toEqual([
      'pack.yaml',
      'payments-errors.yaml',
    ]);
  });

  it('is shown on its page as it is in its files', () => {
    const page = textOf('README.md');
    const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
    const texts = files.map(textOf);
    const shown = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text);
    expect(shown.length).toBeGreaterThan(3);
    expect(shown.filter((text) => !texts.some((file) => file.includes(text)))).toEqual([]);
    expect(page).toContain(`an estate of ${linesOf('acme/pack.yaml').length} lines`);
  });
});
