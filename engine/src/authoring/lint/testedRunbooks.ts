import type { Pack, Runbook } from '../../model/pack';

/** Runbooks that have tests, for the rules about what these show. */
export function testedRunbooks({ runbooks }: Pack): Runbook[] {
  return runbooks.filter(({ tests }) => tests.length > 0);
}
