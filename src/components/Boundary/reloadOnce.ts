/** After an upgrade the page in the browser asks for chunks that are gone. One reload fetches the new ones. */
const RELOADED = 'live-runbooks.reloaded-for-chunk';
const NOT_AGAIN_WITHIN_MS = 60_000;

export function isChunkError(error: Error): boolean {
  return error.name === 'ChunkLoadError' || /Loading (CSS )?chunk .+ failed/i.test(error.message);
}

/** Reloads the page unless that was done within the last minute. Returns whether it does. */
export function reloadOnce(storage: Storage, now: number, reload: () => void): boolean {
  const last = Number(storage.getItem(RELOADED) ?? 0);
  if (now - last < NOT_AGAIN_WITHIN_MS) {
    return false;
  }
  storage.setItem(RELOADED, String(now));
  reload();
  return true;
}
