/**
 * Each worker of Playwright has an estate of its own, so that faults in one are no symptoms in the other. Imported by the
 * configuration, which every worker reads before its tests: from then on ESTATE_CONTROL_URL, ESTATE_DIR and
 * ESTATE_WORKBENCH_URL name the worker's own estate.
 */
export interface EstateAddress {
  readonly ESTATE_CONTROL_URL: string;
  readonly ESTATE_DIR: string;
  readonly ESTATE_WORKBENCH_URL: string;
}

const { ESTATES, TEST_PARALLEL_INDEX } = process.env;
if (ESTATES !== undefined && TEST_PARALLEL_INDEX !== undefined) {
  Object.assign(process.env, (JSON.parse(ESTATES) as EstateAddress[])[Number(TEST_PARALLEL_INDEX)]);
}
