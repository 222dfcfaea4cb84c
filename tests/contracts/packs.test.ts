/** A pack of the team on its whole way: from its files over the real service and Grafana's proxy into the plugin. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { libraryOf, type PackLibrary } from '../../src/packs/library';
import { SHIPPED_KINDS, SHIPPED_PACKS } from '../packs/shippedPacks';
import { host, type Hosted } from './hosted';

const directory = mkdtempSync(join(tmpdir(), 'packs-'));
let hosted: Hosted;

beforeAll(async () => {
  cpSync('docs/worked-example/acme', join(directory, 'acme'), { recursive: true });
  hosted = await host({ packs: { directory } });
});
afterAll(async () => {
  await hosted.close();
  rmSync(directory, { recursive: true });
});

/** The packs of the plugin, once the service has compiled what is in its directory. */
async function known(): Promise<PackLibrary> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const answer = await hosted.as('viewer').packs();
    if ('reason' in answer) {
      throw new Error(answer.detail);
    }
    if (answer.packs.length > 0 || answer.problems.length > 0 || Date.now() > deadline) {
      return libraryOf(SHIPPED_PACKS, { served: answer }, SHIPPED_KINDS);
    }
  }
}

describe('a pack that declares its components, through the proxy', () => {
  test('is compiled with the kinds of the service, and evaluated with those of the plugin', async () => {
    const { known: packs, problems, unread } = await known();
    expect({ problems, unread }).toEqual({ problems: [], unread: [] });
    expect(packs.map(({ pack }) => pack.id)).toEqual([...SHIPPED_PACKS.map(({ id }) => id), 'acme']);
    expect(packs.at(-1)?.origin).toEqual({
      ...{ kind: 'service', folder: 'acme', stale: false },
      files: { 'payments-errors': 'acme/payments-errors.yaml' },
    });
  });
});
