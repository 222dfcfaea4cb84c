/** The compiled packs, each in a chunk of its own, fetched once and kept. */
import type { Pack } from '@live-runbooks/engine';
import { readPack } from './readPack';

let loading: Promise<readonly Pack[]> | undefined;

/** All packs, in the order of their ids. Rejects when a chunk cannot be fetched or has another format; a later call tries again. */
export function loadPacks(): Promise<readonly Pack[]> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<readonly Pack[]> {
  const { compiledPacks } = await import(/* webpackChunkName: "packs" */ '@live-runbooks/packs');
  return Promise.all(compiledPacks.map(async ({ id, load: fetchChunk }) => readPack(id, await fetchChunk())));
}
