import { formatProblem, lintPacks } from '@live-runbooks/engine/authoring';

import { lintTools } from '../lintTools';
import { loadPacks } from '../loadPacks';
import { sarif } from '../sarif';

export interface LintOptions {
  /** `text`: a line each, and a count. `sarif`: one document. */
  readonly format: 'text' | 'sarif';
}

/** Prints every problem of the packs under `directory`; answers the exit code: 1 when there is an error. */
export function lint(
  directory: string,
  print: (line: string) => void,
  { format }: LintOptions = { format: 'text' }
): number {
  const { loaded, problems, count } = loadPacks(directory);
  // Rules about whole packs name things across packs, so they wait until all of them load.
  const found = problems.length > 0 ? problems : lintPacks(loaded, lintTools);
  const lines = new Map(found.map((problem) => [formatProblem(problem), problem]));
  const errors = [...lines.values()].filter((problem) => problem.severity === 'error').length;
  if (format === 'sarif') {
    print(JSON.stringify(sarif([...lines.values()]), null, 2));
  } else {
    [...lines.keys()].forEach(print);
    print(`${count} packs, ${errors} errors, ${lines.size - errors} warnings`);
  }
  return errors > 0 ? 1 : 0;
}
