/** The thread of `compiler.ts`: gets the name of a folder, answers its pack, compiled. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadPack, type PackFiles } from '@live-runbooks/engine/authoring';

const { files } = workerData as { readonly files: PackFiles };

parentPort?.on('message', (folder: string) => {
  parentPort?.postMessage(loadPack(files, folder));
});
