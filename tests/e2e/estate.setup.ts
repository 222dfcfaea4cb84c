import { startEstateProcess } from './estateProcess';

/** Starts the demo estate before the first test and ends it after the last, as a person's `npm run demo` would. */
export default async function setup(): Promise<() => Promise<void>> {
  const estate = await startEstateProcess();
  process.env.ESTATE_CONTROL_URL = estate.record.urls.control;
  process.env.ESTATE_WORKBENCH_URL = estate.record.urls.workbench;
  return estate.stop;
}
