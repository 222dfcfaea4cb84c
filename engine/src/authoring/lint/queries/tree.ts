/** A parsed PromQL expression, as far as the rules read it. The parser is injected; names are those of Prometheus' grammar. */
export interface QueryNode {
  /** `AggregateExpr`, `FunctionCall`, `VectorSelector`, … */
  readonly name: string;
  readonly text: string;
  readonly children: readonly QueryNode[];
}

/** A node and everything in it, from the outside in. */
export function* nodesOf(root: QueryNode): Generator<QueryNode> {
  yield root;
  for (const child of root.children) {
    yield* nodesOf(child);
  }
}

/** What stands in brackets, and what `offset` or `@` is put on. */
export function unwrapped(node: QueryNode): QueryNode {
  const [first] = node.children;
  return ['PromQL', 'ParenExpr', 'OffsetExpr', 'StepInvariantExpr'].includes(node.name) && first !== undefined
    ? unwrapped(first)
    : node;
}

/** The name of a called function (`rate`); undefined for any other node. */
export function functionOf(node: QueryNode): string | undefined {
  return node.name === 'FunctionCall'
    ? node.children.find(({ name }) => name === 'FunctionIdentifier')?.text
    : undefined;
}

/** The arguments of a function or an aggregation. */
export function argumentsOf(node: QueryNode): readonly QueryNode[] {
  return node.children.find(({ name }) => name === 'FunctionCallBody')?.children ?? [];
}

/** The label that a function makes of others: of `label_replace(x, "deployment", …)` it is `deployment`. */
export function madeLabelOf(node: QueryNode): string | undefined {
  const label = /^label_(replace|join)$/.test(functionOf(node) ?? '') ? argumentsOf(node)[1] : undefined;
  return label === undefined ? undefined : unquoted(label.text);
}

export interface Aggregation {
  /** `sum`, `max`, `topk`, … */
  readonly operator: string;
  /** The labels of `by (…)`; empty without one. */
  readonly by: readonly string[];
  /** The labels of `without (…)`; undefined without one. */
  readonly without: readonly string[] | undefined;
  readonly operand: QueryNode;
}

export function aggregationOf(node: QueryNode): Aggregation | undefined {
  const operand = argumentsOf(node).at(-1);
  if (node.name !== 'AggregateExpr' || operand === undefined) {
    return undefined;
  }
  const modifier = node.children.find(({ name }) => name === 'AggregateModifier');
  const labels = modifier === undefined ? [] : [...nodesOf(modifier)].filter(({ name }) => name === 'LabelName');
  const names = labels.map(({ text }) => text);
  const isWithout = modifier?.children.some(({ name }) => name === 'Without') ?? false;
  return {
    operator: node.children.find(({ name }) => name === 'AggregateOp')?.text ?? '',
    by: isWithout ? [] : names,
    without: isWithout ? names : undefined,
    operand,
  };
}

const OPERATORS: Readonly<Record<string, string>> = {
  Div: '/',
  Mul: '*',
  Add: '+',
  Sub: '-',
  And: 'and',
  Or: 'or',
  Unless: 'unless',
  Gtr: '>',
  Gte: '>=',
  Lss: '<',
  Lte: '<=',
  EqlC: '==',
  Neq: '!=',
};

/** The operator and both sides of a binary expression. */
export function binaryOf(
  node: QueryNode
): { readonly operator: string; readonly left: QueryNode; readonly right: QueryNode } | undefined {
  const left = node.children[0];
  const right = node.children.at(-1);
  const operator = node.children.map(({ name }) => OPERATORS[name]).find((found) => found !== undefined);
  return node.name === 'BinaryExpr' && left !== undefined && right !== undefined && operator !== undefined
    ? { operator, left, right }
    : undefined;
}

/** The labels by which both sides of a binary expression are matched, or which the matching leaves out. */
export function matchingOf(node: QueryNode): {
  readonly on: readonly string[] | undefined;
  readonly ignoring: readonly string[] | undefined;
  /** The side of which many series meet one of the other: `group_left`, `group_right`. */
  readonly many: 'left' | 'right' | undefined;
  /** The labels that many take over from one. */
  readonly taken: readonly string[];
} {
  const clause = node.children.find(({ name }) => name === 'MatchingModifierClause');
  const has = (name: string) => clause?.children.some((child) => child.name === name) ?? false;
  const [matched = [], taken = []] = (clause?.children ?? [])
    .filter(({ name }) => name === 'GroupingLabels')
    .map((labels) => [...nodesOf(labels)].filter(({ name }) => name === 'LabelName').map(({ text }) => text));
  return {
    on: has('On') ? matched : undefined,
    ignoring: has('Ignoring') ? matched : undefined,
    many: has('GroupLeft') ? 'left' : has('GroupRight') ? 'right' : undefined,
    taken,
  };
}

/** Whether series are read in it, and it is no number alone. */
export function readsSeries(node: QueryNode): boolean {
  return [...nodesOf(node)].some(({ name }) => name === 'VectorSelector');
}

/** A comparison that drops what does not hold: without `bool`. */
export function isFilter(node: QueryNode): boolean {
  const operator = binaryOf(node)?.operator ?? '';
  return /^([<>]=?|[=!]=)$/.test(operator) && !node.children.some(({ name }) => name === 'BoolModifier');
}

export interface Selector {
  readonly metric: string;
  readonly matchers: ReadonlyArray<{ readonly label: string; readonly operator: string; readonly value: string }>;
}

export function selectorOf(node: QueryNode): Selector | undefined {
  if (node.name !== 'VectorSelector') {
    return undefined;
  }
  const matchers = [...nodesOf(node)]
    .filter(({ name }) => name === 'UnquotedLabelMatcher')
    .map(({ children }) => ({
      label: children.find(({ name }) => name === 'LabelName')?.text ?? '',
      operator: children.find(({ name }) => name === 'MatchOp')?.text ?? '',
      value: unquoted(children.find(({ name }) => name === 'StringLiteral')?.text ?? '""'),
    }));
  return { metric: node.children.find(({ name }) => name === 'Identifier')?.text ?? '', matchers };
}

/** All selectors of series in an expression. */
export function selectorsOf(root: QueryNode): Selector[] {
  return [...nodesOf(root)].flatMap((node) => selectorOf(node) ?? []);
}

/** An expression as it is shown in a message. */
export function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function unquoted(literal: string): string {
  return literal.slice(1, -1).replace(/\\(.)/g, '$1');
}
