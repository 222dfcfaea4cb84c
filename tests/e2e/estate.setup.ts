import { startEstateProcess } from './estateProcess';

/**
 * Starts the demo estate before the first test and ends it after the last, as a person's `npm run demo` would.
 * An estate that runs already is used, and left running, when ESTATE_CONTROL_URL, ESTATE_WORKBENCH_URL and
 * ESTATE_DIR name it.
 */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env.ESTATE_CONTROL_URL && process.env.ESTATE_WORKBENCH_URL) {
    return () => Promise.resolve();
  }
  const estate = await startEstateProcess();
  process.env.ESTATE_CONTROL_URL = estate.record.urls.control;
  process.env.ESTATE_DIR = estate.dir;
  process.env.ESTATE_WORKBENCH_URL = estate.record.urls.workbench;
  return estate.stop;
}
