import { parser } from '@prometheus-io/lezer-promql';
import type { QueryParser } from '@live-runbooks/engine/authoring';

import { firstError } from './firstError';

/** The syntax check of PromQL, by the grammar that Prometheus' own editor uses. Types are not checked. */
export const parsePromql: QueryParser = (expr) => firstError(parser.parse(expr), expr);
