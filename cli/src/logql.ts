import { parser } from '@grafana/lezer-logql';
import type { QueryParser } from '@live-runbooks/engine/authoring';

import { firstError } from './firstError';

/** The syntax check of LogQL, by the grammar that Grafana's own editor uses. Types are not checked. */
export const parseLogql: QueryParser = (expr) => firstError(parser.parse(expr), expr);
