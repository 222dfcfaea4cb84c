import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { REPLACE_MODULES } from '../setup/replaceModules';

const ROOT = path.resolve(import.meta.dirname, '../..');

it('only files that load their modules for themselves replace modules', () => {
  const files = execFileSync('git', ['ls-files', '*.test.ts', '*.test.tsx'], { cwd: ROOT, encoding: 'utf8' })
    .split('\n')
    .filter((file) => file !== '');
  expect(files.length).toBeGreaterThan(100);
  const replace = files.filter((file) => /^vi\.mock\(/m.test(readFileSync(path.join(ROOT, file), 'utf8')));
  expect(replace.sort()).toEqual(Object.values(REPLACE_MODULES).flat().sort());
});
