import { formatProblem, loadPack, type Problem } from '@live-runbooks/engine/authoring';

import { readPackFolder } from '../readPacks';

/** Prints every problem of the packs under `directory`; answers the exit code. */
export function lint(directory: string, print: (line: string) => void): number {
  const { files, packs } = readPackFolder(directory);
  const problems: Problem[] = [];
  for (const path of packs) {
    const result = loadPack(files, path);
    problems.push(...result.problems);
  }
  const lines = [...new Set(problems.map(formatProblem))];
  lines.forEach(print);
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  print(`${packs.length} packs, ${errors} errors, ${problems.length - errors} warnings`);
  return errors > 0 ? 1 : 0;
}
