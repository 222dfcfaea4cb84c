/** Tests of a runbook that are kept beside its pack and not in it, so that what is shipped stays small. */
import { z } from 'zod';

import type { Pack, PackTest, Runbook } from '../model/pack';
import { check } from './check';
import { compileTest } from './loading/compileTest';
import { Definitions } from './loading/definitions';
import { packTest } from './notation/packTest';
import { formatProblem, type Problem } from './problem';
import { readYaml } from './source';

/**
 * The situations that a file holds for a runbook: a list in the notation of `tests:`. Throws with the places of what is
 * wrong: an unknown signal or cause, or what the notation does not know.
 */
export function readSituations(pack: Pack, runbook: Runbook, file: string, text: string): PackTest[] {
  const problems: Problem[] = [];
  const source = readYaml(file, text);
  const authored = check(z.array(packTest), source, problems) ?? [];
  const definitions = new Definitions(problems);
  const ids = runbook.causes.map(({ id }) => id);
  const tests = authored.map((test, index) => compileTest(definitions, test, ids, { source, path: [index] }, pack));
  if (problems.length > 0) {
    throw new Error(problems.map(formatProblem).join('\n'));
  }
  return tests;
}
