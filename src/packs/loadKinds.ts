import type { Kind } from '@live-runbooks/engine';
import { readKinds } from './readKinds';

let loading: Promise<readonly Kind[]> | undefined;

/** Fetches the kinds once. Rejects when they were compiled to another format; a later call tries again. */
export function loadKinds(): Promise<readonly Kind[]> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<readonly Kind[]> {
  const { loadKinds: fetchChunk } = await import(/* webpackChunkName: "packs" */ '@live-runbooks/packs');
  return readKinds(await fetchChunk());
}
