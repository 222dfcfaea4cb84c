import { formatProblem, lintPacks } from '@live-runbooks/engine/authoring';

import { loadPacks } from '../loadPacks';
import { lintTools } from '../lintTools';

/** Prints every problem of the packs under `directory`; answers the exit code: 1 when there is an error. */
export function lint(directory: string, print: (line: string) => void): number {
  const { loaded, problems, count } = loadPacks(directory);
  // Rules about whole packs name things across packs, so they wait until all of them load.
  const found = problems.length > 0 ? problems : lintPacks(loaded, lintTools);
  const lines = new Map(found.map((problem) => [formatProblem(problem), problem]));
  [...lines.keys()].forEach(print);
  const errors = [...lines.values()].filter((problem) => problem.severity === 'error').length;
  print(`${count} packs, ${errors} errors, ${lines.size - errors} warnings`);
  return errors > 0 ? 1 : 0;
}
