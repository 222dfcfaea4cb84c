import { expect, it } from 'vitest';

import { lintFix } from './lintFix';

const inputs = (command: string, declared: string) =>
  lintFix(`shell: ${command}`, `inputs: { ${declared} }`)
    .filter((text) => text.startsWith('input'))
    .join('\n');

it('wants an input to be used, to hide nothing, and to have a default that fits', () => {
  expect(inputs('"true"', 'n: { title: N, kind: integer }')).toContain('does not use it');
  expect(inputs('echo {{ns}}', 'ns: { title: N, kind: integer }')).toContain('choose another name');
  expect(inputs('echo {{n}}', 'n: { title: N, kind: integer, default: "{{ns}}" }')).toContain('(`shop`)');
  expect(inputs('echo {{n}}', 'n: { title: N, kind: kubernetes-memory, default: 2gb }')).toContain('like 512Mi');
  expect(inputs('echo {{n}}', 'n: { title: N, kind: integer, default: 5 }')).toBe('');
});
