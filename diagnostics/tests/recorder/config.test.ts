import { expect, it } from 'vitest';
import { parseConfig } from '../../src';
import { TOKEN } from '../rig/secrets';

const parse = (rest: string, env: Record<string, string> = {}) =>
  parseConfig(`token: \${TOKEN}\ntargets: [{ id: r, kind: redis }]\n${rest}`, {
    file: '/etc/live-runbooks/config.yaml',
    env: { TOKEN, ...env },
  });

it('keeps nothing unless a directory says where', () => {
  expect(parse('')).toMatchObject({
    state: { keepHours: 24, recorderMegabytes: 256, incidentsMegabytes: 256 },
    packs: {},
  });
  expect(parse('').state.directory).toBeUndefined();
});

it('takes relative directories from the place of the file, and numbers from the environment', () => {
  const { state, packs } = parse('state: { directory: ../state, keepHours: "${HOURS}" }\npacks: { directory: packs }', {
    HOURS: '48',
  });
  expect(state).toMatchObject({ directory: '/etc/state', keepHours: 48 });
  expect(packs.directory).toBe('/etc/live-runbooks/packs');
});

it.each([
  [
    'state: { directroy: x }',
    'state: unknown key "directroy". Allowed: directory, keepHours, recorderMegabytes, evidenceMegabytes, incidentsMegabytes',
  ],
  ['state: { keepHours: 0 }', 'state.keepHours'],
  ['state: { recorderMegabytes: many }', 'state.recorderMegabytes'],
  ['packs: { directory: "" }', 'packs.directory'],
  ['packs: [a]', 'packs'],
])('%s is refused, and the key is named', (text, message) => {
  expect(() => parse(text)).toThrow(message);
});
