/** The types of PromQL: what every function and operator takes and answers. The names are those of Prometheus' own errors. */
import { aggregationOf, argumentsOf, binaryOf, functionOf, type QueryNode } from './tree';

type Type = 'scalar' | 'instant vector' | 'range vector' | 'string';

const RANGE = 'range vector';
const VECTOR = 'instant vector';

/** What functions take that do not take one instant vector, after the grammar of Prometheus 3. */
const TAKES: ReadonlyArray<readonly [RegExp, readonly Type[]]> = [
  [/^(quantile_over_time)$/, ['scalar', RANGE]],
  [/^(predict_linear)$/, [RANGE, 'scalar']],
  [/^(holt_winters|double_exponential_smoothing)$/, [RANGE, 'scalar', 'scalar']],
  [/_over_time$|^(rate|irate|increase|delta|idelta|deriv|changes|resets)$/, [RANGE]],
  [/^(histogram_quantile)$/, ['scalar', VECTOR]],
  [/^(histogram_fraction)$/, ['scalar', 'scalar', VECTOR]],
  [/^(clamp)$/, [VECTOR, 'scalar', 'scalar']],
  [/^(clamp_min|clamp_max)$/, [VECTOR, 'scalar']],
  [/^(vector)$/, ['scalar']],
  [/^(label_replace)$/, [VECTOR, 'string', 'string', 'string', 'string']],
  [/^(time|pi)$/, []],
];
/** Functions with arguments that may be left out, or as many as one likes: only the first is held against its type. */
const OPEN =
  /^(label_join|sort_by_label|sort_by_label_desc|round|info|days_in_month|day_of_\w+|hour|minute|month|year)$/;
/** Aggregations with a parameter before the series. */
const PARAMETER: Readonly<Record<string, Type>> = {
  topk: 'scalar',
  bottomk: 'scalar',
  quantile: 'scalar',
  limitk: 'scalar',
  limit_ratio: 'scalar',
  count_values: 'string',
};

/** The first thing in an expression that Prometheus refuses for its type; undefined when all types fit. */
export function typeErrorIn(node: QueryNode): string | undefined {
  for (const child of node.children) {
    const inner = typeErrorIn(child);
    if (inner !== undefined) {
      return inner;
    }
  }
  const called = functionOf(node);
  if (called !== undefined) {
    return ofCall(called, argumentsOf(node));
  }
  const aggregation = aggregationOf(node);
  if (aggregation !== undefined) {
    const { operator } = aggregation;
    const parameter = PARAMETER[operator];
    return expected(operator, [...(parameter === undefined ? [] : [parameter]), VECTOR], argumentsOf(node));
  }
  const binary = binaryOf(node);
  return binary === undefined ? undefined : ofBinary(node, binary);
}

function ofCall(called: string, given: readonly QueryNode[]): string | undefined {
  if (OPEN.test(called)) {
    return given.length === 0 ? undefined : expected(called, [VECTOR], given.slice(0, 1));
  }
  return expected(called, TAKES.find(([pattern]) => pattern.test(called))?.[1] ?? [VECTOR], given);
}

function expected(name: string, wanted: readonly Type[], given: readonly QueryNode[]): string | undefined {
  if (given.length !== wanted.length) {
    return `\`${name}\` takes ${wanted.length} argument${wanted.length === 1 ? '' : 's'} (${wanted.join(', ')}), and is given ${given.length}`;
  }
  for (const [index, argument] of given.entries()) {
    const got = typeOf(argument);
    const want = wanted[index];
    if (got !== undefined && got !== want) {
      const mend =
        want === RANGE
          ? `: add a window, \`${name}(${argument.text}[5m])\`${got === VECTOR && argument.name !== 'VectorSelector' ? ', of an expression with a step, `[5m:]`' : ''}`
          : got === RANGE
            ? ': put a function such as `rate` around it, or take the window off'
            : want === 'scalar' && got === VECTOR
              ? ': write the number, or `scalar(…)`'
              : '';
      return `\`${name}\` takes ${article(want)} here, and \`${argument.text}\` is ${article(got)}${mend}`;
    }
  }
  return undefined;
}

function ofBinary(
  node: QueryNode,
  { operator, left, right }: NonNullable<ReturnType<typeof binaryOf>>
): string | undefined {
  const types = [typeOf(left), typeOf(right)];
  const odd = types.findIndex((type) => type === RANGE || type === 'string');
  if (odd >= 0) {
    return `\`${operator}\` takes numbers and instant vectors, and \`${[left, right][odd]?.text ?? ''}\` is ${article(types[odd])}`;
  }
  if (/^(and|or|unless)$/.test(operator) && types.includes('scalar')) {
    return `\`${operator}\` takes two instant vectors, and \`${(types[0] === 'scalar' ? left : right).text}\` is a scalar: write \`vector(…)\``;
  }
  return /^([<>]=?|[=!]=)$/.test(operator) &&
    types.every((type) => type === 'scalar') &&
    !node.children.some(({ name }) => name === 'BoolModifier')
    ? `a comparison of two scalars needs \`bool\`: \`${operator} bool\``
    : undefined;
}

/** The type of a whole expression; undefined for what the grammar calls by another name. */
export function typeOf(node: QueryNode): Type | undefined {
  const [first] = node.children;
  switch (node.name) {
    case 'PromQL':
    case 'ParenExpr':
    case 'OffsetExpr':
    case 'StepInvariantExpr':
      return first === undefined ? undefined : typeOf(first);
    case 'UnaryExpr':
      return node.children[1] === undefined ? undefined : typeOf(node.children[1]);
    case 'NumberDurationLiteral':
      return 'scalar';
    case 'StringLiteral':
      return 'string';
    case 'MatrixSelector':
    case 'SubqueryExpr':
      return RANGE;
    case 'VectorSelector':
    case 'AggregateExpr':
      return VECTOR;
    case 'FunctionCall':
      return /^(scalar|time|pi)$/.test(functionOf(node) ?? '') ? 'scalar' : VECTOR;
    case 'BinaryExpr': {
      const binary = binaryOf(node);
      return binary !== undefined && typeOf(binary.left) === 'scalar' && typeOf(binary.right) === 'scalar'
        ? 'scalar'
        : VECTOR;
    }
    default:
      return undefined;
  }
}

function article(type: Type | undefined): string {
  return type === undefined ? 'something else' : type === 'instant vector' ? 'an instant vector' : `a ${type}`;
}
