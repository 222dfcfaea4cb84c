import { valueAt } from '../../source';
import {
  aggregationOf,
  argumentsOf,
  binaryOf,
  functionOf,
  unwrapped,
  readsSeries,
  type QueryNode,
} from '../queries/tree';
import type { PackRule } from './rule';

/** Functions that answer their argument in its own unit. */
const KEEPS_UNIT =
  /^(abs|ceil|clamp(_min|_max)?|floor|round|scalar|vector|sort(_desc)?|label_(join|replace)|(avg|min|max|last|quantile)_over_time)$/;

export const quotientUnit: PackRule = {
  id: 'quotient-unit',
  what: 'A query divides one measurement by another, and its signal does not say in which unit the answer is.',
  why: 'The page writes a share of a fifth as "0.2" where it means "20 %", and a mean duration as a bare number.',
  mend: 'Write `unit: percentunit` where both sides measure the same, else the unit of the quotient: `s` for seconds per request, `short` for "so many times as much".',
  check: ({ loaded, trees }, tell) => {
    for (const { id, query } of Object.values(loaded.pack.signals)) {
      const tree = trees.get(id);
      const divides = query.source === 'loki' ? dividesLogs(query.expr) : tree !== undefined && isQuotient(tree);
      const origin = loaded.origins.get(`signal ${id}`);
      if (divides && origin !== undefined && valueAt(origin.source, [...origin.path, 'unit']) === undefined) {
        tell(
          `signal ${id}`,
          'this divides one measurement by another, and no `unit` says what the answer is: write `unit: percentunit` for a share, else the unit of the quotient (`s`, `short` for so many times as much)',
          [query.source]
        );
      }
    }
  },
};

/** What the whole answers is a quotient of two measurements; one by a number is in the unit of the measurement. */
function isQuotient(given: QueryNode): boolean {
  const node = unwrapped(given);
  const aggregation = aggregationOf(node);
  if (aggregation !== undefined) {
    return !/^count(_values)?$/.test(aggregation.operator) && isQuotient(aggregation.operand);
  }
  const binary = binaryOf(node);
  if (binary !== undefined) {
    const { operator, left, right } = binary;
    if (operator === '/' && readsSeries(left) && readsSeries(right)) {
      return true;
    }
    return isQuotient(left) || (/^[-+*]$|^or$/.test(operator) && isQuotient(right));
  }
  if (node.name === 'SubqueryExpr' || node.name === 'UnaryExpr') {
    return node.children.some(isQuotient);
  }
  return KEEPS_UNIT.test(functionOf(node) ?? '') && argumentsOf(node).some(isQuotient);
}

/** LogQL has no tree here. Outside of texts, selectors and comments its only slash divides. */
function dividesLogs(expr: string): boolean {
  const bare = expr.replace(/"(?:[^"\\]|\\.)*"|`[^`]*`|\{[^}]*\}|#.*/g, '');
  return /\)\s*\/[^/]*\(/.test(bare);
}
