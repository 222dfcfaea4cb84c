import type { LintTools } from '@live-runbooks/engine/authoring';

import { checks } from './checks';
import { parseLogql } from './logql';
import { parsePromql } from './promql';
import { promqlTree } from './promqlTree';
import { parseShell } from './shell';
import { parseSql } from './sql';

/** Everything that lint can be given: the parsers, and the catalogue of checks. */
export const lintTools: LintTools = { parsePromql, parseLogql, readPromql: promqlTree, parseShell, parseSql, checks };
