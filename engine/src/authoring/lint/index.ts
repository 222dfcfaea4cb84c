/** What a schema cannot see: rules about packs as a whole. Pure; parsers are injected because they are heavy. */
import type { LoadedPack } from '../load';
import { byPlace, type Problem } from '../problem';
import { treesOf } from './queries/trees';
import { problemsOf } from './report';
import { PACK_RULES } from './rules';
import type { LintTools } from './tools';

export type { QueryNode } from './queries/tree';
export type { LintTools, QueryParser } from './tools';

/** Lints all packs together, since they name each other; answers problems ordered by place. */
export function lintPacks(packs: readonly LoadedPack[], tools: LintTools = {}): Problem[] {
  const problems = packs.flatMap((loaded) => {
    const linted = { ...tools, loaded, all: packs, trees: treesOf(loaded.pack, tools.readPromql) };
    return PACK_RULES.flatMap((rule) => problemsOf(rule, linted));
  });
  // What several packs share is linted with each of them.
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()].sort(byPlace);
}
