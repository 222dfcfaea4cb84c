/** The estate on its whole way: the plugin's sources, Grafana's proxy with the plugin's own routes, and the real service. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { host, type Hosted } from './hosted';

const directory = mkdtempSync(join(tmpdir(), 'estate-'));
let hosted: Hosted;
const as = (person: 'viewer' | 'editor' | 'admin') => hosted.as(person);

beforeAll(async () => {
  hosted = await host({ state: { directory }, requireIdentity: true });
});
afterAll(async () => {
  await hosted.close();
  rmSync(directory, { recursive: true });
});

describe('the estate, through the proxy', () => {
  test('is read by everybody, and written by editors over the version that they read', async () => {
    const ours = { components: { 'shop.checkout': { adopt: true } } };
    expect(await as('viewer').estate()).toEqual({ kind: 'kept', version: '0' });
    expect(await as('viewer').writeEstate(ours, '0')).toMatchObject({ kind: 'failure', reason: 'no-permission' });
    const written = await as('editor').writeEstate(ours, '0');
    expect(written).toMatchObject({ kind: 'kept', estate: ours, writtenBy: 'editor' });
    expect(await as('viewer').estate()).toEqual(written);
    expect(await as('admin').writeEstate({}, '0')).toEqual({ kind: 'changed' });
    expect(await as('viewer').estate()).toEqual(written);
  });

  test('of which something is wrong is refused in words that say what', async () => {
    const wrong = { components: { 'No id': {} } };
    const now = await as('admin').estate();
    const answer = await as('admin').writeEstate(wrong, now.kind === 'kept' ? now.version : '');
    expect(answer).toMatchObject({ kind: 'failure', detail: expect.stringContaining('lower-case words') });
  });

  test('has packs beside it, none where no directory is configured', async () => {
    expect(await as('viewer').packs()).toEqual({ packs: [], problems: [] });
  });
});
