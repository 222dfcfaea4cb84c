import { rmSync } from 'node:fs';
import type { FullConfig } from '@playwright/test';
import { startEstateProcess } from './estateProcess';
import { MATRIX_DIR, matrixTable } from './matrixTable';
import type { EstateAddress } from './theEstate';

/**
 * Starts a demo estate for each worker before the first test and ends them after the last, as a person's `npm run demo`
 * would. An estate that runs already is used by one worker, and left running, when ESTATE_CONTROL_URL,
 * ESTATE_WORKBENCH_URL and ESTATE_DIR name it.
 */
export default async function setup({ workers }: FullConfig): Promise<() => Promise<void>> {
  rmSync(MATRIX_DIR, { recursive: true, force: true });
  const tell = () => console.log(matrixTable());
  if (process.env.ESTATE_CONTROL_URL && process.env.ESTATE_WORKBENCH_URL) {
    return () => Promise.resolve(tell());
  }
  const starting = Array.from({ length: workers }, (_, index) => startEstateProcess(index));
  const started = await Promise.allSettled(starting);
  const estates = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const stop = async () => {
    await Promise.all(estates.map((estate) => estate.stop()));
  };
  const failed = started.find((each) => each.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const addresses = estates.map(({ record, dir }): EstateAddress => ({
    ESTATE_CONTROL_URL: record.urls.control,
    ESTATE_DIR: dir,
    ESTATE_WORKBENCH_URL: record.urls.workbench,
  }));
  process.env.ESTATES = JSON.stringify(addresses);
  // The main process decides which tests there are: for it any estate will do.
  Object.assign(process.env, addresses[0]);
  return async () => {
    await stop();
    tell();
  };
}
