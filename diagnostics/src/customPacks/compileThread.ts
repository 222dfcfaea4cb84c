/** The thread of `compiler.ts`: gets the name of a folder, answers its pack, compiled, as JSON. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadPack, type PackFiles } from '@live-runbooks/engine/authoring';
import type { Compiled } from './compiler';

const { files } = workerData as { readonly files: PackFiles };

parentPort?.on('message', (folder: string) => {
  // As it is served: what JSON cannot say is of no use to anybody.
  parentPort?.postMessage(JSON.stringify(compiled(folder)));
});

function compiled(folder: string): Compiled {
  const loaded = loadPack(files, folder);
  if (!loaded.ok) {
    return { ok: false, problems: loaded.problems };
  }
  const { pack, origins } = loaded;
  const places = pack.runbooks.map(({ id }) => [id, origins.get(`runbook ${id}`)?.source.file ?? folder] as const);
  return { ok: true, pack, files: Object.fromEntries(places) };
}
