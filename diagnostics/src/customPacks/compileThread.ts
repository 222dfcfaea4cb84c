/** The thread of `compiler.ts`: gets the name of a folder, answers its pack, compiled, as JSON. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadPack, type PackFiles } from '@live-runbooks/engine/authoring';

const { files } = workerData as { readonly files: PackFiles };

parentPort?.on('message', (folder: string) => {
  // As it is served: what JSON cannot say is of no use to anybody.
  parentPort?.postMessage(JSON.stringify(loadPack(files, folder)));
});
