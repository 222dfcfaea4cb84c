import type { QueryNode } from '@live-runbooks/engine/authoring';
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** An expression as a tree, for the rules about queries. */
export function promqlTree(expr: string): QueryNode {
  return nodeOf(parser.parse(expr).topNode, expr);
}

function nodeOf(node: SyntaxNode, expr: string): QueryNode {
  const children: QueryNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    children.push(nodeOf(child, expr));
  }
  return { name: node.name, text: expr.slice(node.from, node.to), children };
}
