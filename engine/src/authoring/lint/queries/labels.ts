/** Which labels the series of an answer have: aggregation and matching drop those that they do not name. */
import {
  aggregationOf,
  argumentsOf,
  binaryOf,
  functionOf,
  madeLabelOf,
  matchingOf,
  readsSeries,
  unwrapped,
  type QueryNode,
} from './tree';

/** Functions that answer series with the labels of their argument. The name of the metric is no label here. */
const MAKES_LABELS = /^(absent|absent_over_time|info)$/;
const NO_LABELS = /^(vector|scalar|time|pi)$/;
/** Aggregations that answer some of the series as they are. */
const CHOOSES = /^(topk|bottomk|limitk|limit_ratio)$/;

/** The only labels that an answer can have; undefined when it depends on what is stored. */
export function labelsOf(given: QueryNode): ReadonlySet<string> | undefined {
  const node = unwrapped(given);
  if (node.name === 'NumberDurationLiteral') {
    return new Set();
  }
  const aggregation = aggregationOf(node);
  if (aggregation !== undefined) {
    const inner = labelsOf(aggregation.operand);
    if (CHOOSES.test(aggregation.operator)) {
      return inner;
    }
    if (aggregation.operator === 'count_values') {
      return undefined;
    }
    return aggregation.without === undefined
      ? new Set(aggregation.by.filter((label) => inner?.has(label) ?? true))
      : minus(inner, aggregation.without);
  }
  const called = functionOf(node);
  if (called !== undefined) {
    const label = madeLabelOf(node);
    if (label !== undefined) {
      const inner = labelsOf(argumentsOf(node)[0] ?? NOTHING);
      return inner === undefined ? undefined : new Set([...inner, label]);
    }
    if (MAKES_LABELS.test(called)) {
      return undefined;
    }
    const series = argumentsOf(node).find(readsSeries);
    const labels = NO_LABELS.test(called) || series === undefined ? new Set<string>() : labelsOf(series);
    return called === 'histogram_quantile' ? minus(labels, ['le']) : labels;
  }
  const binary = binaryOf(node);
  if (binary !== undefined) {
    return ofBinary(node, binary);
  }
  return node.name === 'SubqueryExpr' || node.name === 'UnaryExpr'
    ? labelsOf(node.children.find((child) => child.name !== 'UnaryOp') ?? NOTHING)
    : undefined;
}

const NOTHING: QueryNode = { name: '', text: '', children: [] };

function ofBinary(
  node: QueryNode,
  { operator, left, right }: NonNullable<ReturnType<typeof binaryOf>>
): ReadonlySet<string> | undefined {
  const [one, other] = [labelsOf(left), labelsOf(right)];
  if (operator === 'and' || operator === 'unless') {
    return one;
  }
  if (operator === 'or') {
    return one !== undefined && other !== undefined ? new Set([...one, ...other]) : undefined;
  }
  const { on, ignoring = [], many, taken } = matchingOf(node);
  if (many !== undefined) {
    const labels = many === 'left' ? one : other;
    return labels === undefined ? undefined : new Set([...labels, ...taken]);
  }
  if (on !== undefined) {
    return new Set(on);
  }
  // Without a match one side may be a number.
  if (!readsSeries(left)) {
    return other;
  }
  if (!readsSeries(right)) {
    return one;
  }
  return minus(one, ignoring);
}

function minus(labels: ReadonlySet<string> | undefined, dropped: readonly string[]): ReadonlySet<string> | undefined {
  return labels === undefined ? undefined : new Set([...labels].filter((label) => !dropped.includes(label)));
}
