/** After an upgrade the page in the browser asks for chunks that are gone. One reload fetches the new ones. */
const RELOADED = 'live-runbooks.reloaded-for-chunk';
const NOT_AGAIN_WITHIN_MS = 60_000;

export function isChunkError(error: Error): boolean {
  return error.name === 'ChunkLoadError' || /Loading (CSS )?chunk .+ failed/i.test(error.message);
}

/** Whether a reload may help: not when one was tried within the last minute. */
export function mayReload(storage: Storage, now: number): boolean {
  return now - Number(storage.getItem(RELOADED) ?? 0) >= NOT_AGAIN_WITHIN_MS;
}

/** Reloads the page, and remembers that it did. */
export function reload(storage: Storage, now: number): void {
  storage.setItem(RELOADED, String(now));
  window.location.reload();
}
