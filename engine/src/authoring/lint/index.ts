/** What a schema cannot see: rules about packs as a whole. Pure; parsers of PromQL and LogQL are injected because they are heavy. */
import type { CheckCatalogue } from '../catalogue';
import type { LoadedPack } from '../load';
import { byPlace, type Problem } from '../problem';
import { lintCauses } from './causes';
import { lintFixes } from './fixes/index';
import { lintPlaceholders } from './placeholders';
import { lintPrevention } from './prevention';
import { lintQueries, treesOf, type QueryReader } from './queries';
import { Report } from './report';
import { lintRules } from './rules';
import { lintSignals, usedSignals, type QueryParser } from './signals';
import { lintTests } from './tests';

export type { QueryNode, QueryReader } from './queries';
export type { QueryParser } from './signals';

/** What lint is given beside the packs. Without one of them, the rules that need it say nothing. */
export interface LintTools {
  readonly parsePromql?: QueryParser;
  readonly parseLogql?: QueryParser;
  readonly readPromql?: QueryReader;
  /** What a shell says of the syntax of a command, which it must not run; undefined when it is sound. */
  readonly parseShell?: (command: string) => string | undefined;
  /** What the diagnostics service can be asked. */
  readonly checks?: CheckCatalogue;
}

/** Lints all packs together, since they name each other; answers problems ordered by place. */
export function lintPacks(packs: readonly LoadedPack[], tools: LintTools = {}): Problem[] {
  const { parsePromql, parseLogql, readPromql, parseShell, checks } = tools;
  const problems: Problem[] = [];
  const ids = new Set<string>();
  for (const loaded of packs) {
    const report = new Report(loaded);
    if (ids.has(loaded.pack.id)) {
      report.error('pack', 'duplicate', `two packs have the id \`${loaded.pack.id}\``, ['id']);
    }
    ids.add(loaded.pack.id);
    lintPlaceholders(loaded.pack, report);
    lintSignals(loaded, report, { prometheus: parsePromql, loki: parseLogql });
    const trees = treesOf(loaded.pack, readPromql);
    lintQueries(loaded.pack, report, trees);
    lintCauses(loaded, packs, report);
    lintFixes(loaded.pack, report);
    lintPrevention(loaded.pack, report);
    lintTests(loaded.pack, report);
    lintRules({ loaded, all: packs, checks, parseShell, trees }, report);
    problems.push(...report.problems);
  }
  problems.push(...unusedShared(packs));
  const seen = new Set<string>();
  return problems
    .filter((problem) => {
      const key = JSON.stringify(problem);
      return seen.has(key) ? false : (seen.add(key), true);
    })
    .sort(byPlace);
}

/** Shared signals are written for packs: one that no pack uses is dead. */
function unusedShared(packs: readonly LoadedPack[]): Problem[] {
  const used = new Set(packs.flatMap(({ pack }) => [...usedSignals(pack)]));
  const problems: Problem[] = [];
  for (const { available, ownSignals, origins } of packs) {
    for (const id of available.signals) {
      const origin = origins.get(`signal ${id}`);
      if (origin && !used.has(id) && !ownSignals.includes(id)) {
        const place = origin.source.atKey(origin.path);
        problems.push({
          file: origin.source.file,
          ...place,
          severity: 'error',
          rule: 'unused-signal',
          message: `no pack uses the shared signal \`${id}\``,
        });
      }
    }
  }
  return problems;
}
