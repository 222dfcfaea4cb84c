import { relative } from 'node:path';

import { formatProblem, lintPacks, ruleTexts, type Problem } from '@live-runbooks/engine/authoring';

import { lintTools } from '../lintTools';
import { loadPacks } from '../loadPacks';
import { sarif } from '../sarif';

export interface LintOptions {
  /** `text`: a line for each problem, one for each rule that was broken, and a count. `sarif`: one document. */
  readonly format: 'text' | 'sarif';
  /** A folder of kinds on which the packs rest: read, and not linted. */
  readonly kinds?: string;
}

/** Why the rules that were broken exist and how each is mended, once: many problems may be of one rule. */
function reasons(problems: readonly Problem[]): string[] {
  const broken = new Set(problems.map(({ rule }) => rule));
  return ruleTexts.filter(({ id }) => broken.has(id)).map(({ id, why, mend }) => `[${id}] ${why} Mend: ${mend}`);
}

function isIn(file: string, folder: string): boolean {
  return !relative(folder, file).startsWith('..');
}

/** Prints every problem of the packs and kinds under `directory`; answers the exit code: 1 when there is an error. */
export function lint(
  directory: string,
  print: (line: string) => void,
  { format, kinds: kindsOf }: LintOptions = { format: 'text' }
): number {
  const { loaded, kinds, kindsBeside, problems, count } = loadPacks(directory, kindsOf);
  // Rules about whole packs name things across packs, so they wait until all of them load. What does not load is told wherever it is.
  const found =
    problems.length > 0
      ? problems
      : lintPacks([...loaded, ...kinds], lintTools).filter(
          ({ file }) => kindsBeside === undefined || !isIn(file, kindsBeside)
        );
  const lines = new Map(found.map((problem) => [formatProblem(problem), problem]));
  const errors = [...lines.values()].filter((problem) => problem.severity === 'error').length;
  if (format === 'sarif') {
    print(JSON.stringify(sarif([...lines.values()]), null, 2));
  } else {
    [...lines.keys(), ...reasons([...lines.values()])].forEach(print);
    const ofKinds = kinds.length === 0 || kindsBeside !== undefined ? '' : `${kinds.length} kinds, `;
    print(`${count} packs, ${ofKinds}${errors} errors, ${lines.size - errors} warnings`);
  }
  return errors > 0 ? 1 : 0;
}
