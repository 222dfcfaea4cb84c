import { keepsLabels } from '../../../quoting/slot';
import type { Pack, Param } from '../../../model/pack';
import { parseTemplate } from '../../../wording/template';
import { discoveriesOf } from '../discoveries';
import { labelsOf } from '../queries/labels';
import {
  aggregationOf,
  binaryOf,
  functionOf,
  madeLabelOf,
  matchingOf,
  nodesOf,
  readsSeries,
  shorten,
  type QueryNode,
} from '../queries/tree';
import { fillQuery } from '../sample';
import type { Linted, PackRule } from './rule';

/** Stands for the labels of a scope, whatever they are: each kind, and each convention of names, has its own. */
const IDENTITY = 'label_of_the_component';
/** Functions that answer without the labels of their argument. */
const DROPS_ALL = /^(scalar|absent|absent_over_time)$/;

export const droppedIdentity: PackRule = {
  id: 'dropped-identity',
  what: 'A query that is asked once for many components drops the labels that tell them apart: in an aggregation, in `on (…)` or `ignoring (…)`, or by `scalar` or `absent`; or `discover` of a kind answers without them.',
  why: 'Its answer belongs to no component, or one component is judged by what another one does.',
  mend: 'Keep the labels of the scope everywhere: `sum by ({{api | labels}}) (…)`, `… / on ({{api | labels}}) …`, `max by (pod{{api | andLabels}}) (…)`.',
  check: ({ loaded, all, readPromql }, tell) => {
    const { pack } = loaded;
    if (readPromql === undefined) {
      return;
    }
    for (const { expr, labels, path } of discoveriesOf(loaded)) {
      const kept = labelsOf(readPromql(expr));
      const lost = kept === undefined ? [] : labels.filter((label) => !kept.has(label));
      if (lost.length > 0) {
        tell(
          'pack',
          `no component is found by an answer without ${lost.map((label) => `\`${label}\``).join(' and ')}: keep the labels of the kind, \`group by ({{by}}) (…)\``,
          path
        );
      }
    }
    for (const { id, query } of Object.values(pack.signals)) {
      const scope = query.source === 'prometheus' ? scopeKeptBy(query.expr) : undefined;
      if (query.source !== 'prometheus' || scope === undefined) {
        continue;
      }
      const own = ownLabelsOf(scope, pack, all);
      const read = (labels: readonly string[]) =>
        readPromql(fillQuery(withIdentity(pack, scope, labels), query.expr, 'promql'));
      // A query that makes one of the labels knows how they are called: it is of one convention.
      const labels = makesOneOf(own, read(own)) ? own : [IDENTITY];
      const tree = read(labels);
      const place = dropIn(tree, labels);
      const kept = labelsOf(tree);
      if (place !== undefined || (kept !== undefined && !labels.every((label) => kept.has(label)))) {
        const where =
          place === undefined ? 'the answer' : `\`${shorten(place.text.replaceAll(labels.join(', '), '…'))}\``;
        tell(
          `signal ${id}`,
          `${where} drops the labels of \`${scope}\`, which tell the components apart that are asked together: keep them, \`sum by ({{${scope} | labels}}) (…)\`, \`on ({{${scope} | labels}})\``,
          ['prometheus']
        );
      }
    }
  },
};

/** The scope whose labels the query says it keeps; undefined when it is asked for each component alone. */
function scopeKeptBy(expr: string): string | undefined {
  for (const part of parseTemplate(expr)) {
    if (typeof part !== 'string' && keepsLabels(part)) {
      return part.name;
    }
  }
  return undefined;
}

/** The labels that the kind of the scope has; a pack that uses the kind gives the scope a value, and no labels. */
function ownLabelsOf(scope: string, { params }: Pack, all: Linted['all']): readonly string[] {
  const kind = all.find((other) => other.kind?.identity.scope === scope)?.kind;
  return params[scope]?.identity ?? kind?.pack.params[scope]?.identity ?? [];
}

function withIdentity(pack: Pack, scope: string, identity: readonly string[]): Pack {
  const param: Param = { title: scope, required: false, ...pack.params[scope], kind: 'selector', identity };
  return { ...pack, params: { ...pack.params, [scope]: param } };
}

/** Whether the query writes one of the labels itself: `label_replace(…, "deployment", …)`. */
function makesOneOf(labels: readonly string[], tree: QueryNode): boolean {
  return [...nodesOf(tree)].some((node) => labels.includes(madeLabelOf(node) ?? ''));
}

/** The outermost place that takes one of the labels off series; below what makes a label of others, that one need not be there. */
function dropIn(node: QueryNode, labels: readonly string[]): QueryNode | undefined {
  if (drops(node, labels)) {
    return node;
  }
  const made = madeLabelOf(node);
  const below = made === undefined ? labels : labels.filter((label) => label !== made);
  for (const child of node.children) {
    const found = dropIn(child, below);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** Whether the node itself takes one of the labels off series. */
function drops(node: QueryNode, labels: readonly string[]): boolean {
  const aggregation = aggregationOf(node);
  if (aggregation !== undefined && readsSeries(aggregation.operand)) {
    return aggregation.without === undefined
      ? !labels.every((label) => aggregation.by.includes(label))
      : labels.some((label) => aggregation.without?.includes(label));
  }
  const binary = binaryOf(node);
  if (binary !== undefined && readsSeries(binary.left) && readsSeries(binary.right)) {
    const { on, ignoring } = matchingOf(node);
    return labels.some((label) => on?.includes(label) === false || ignoring?.includes(label) === true);
  }
  return DROPS_ALL.test(functionOf(node) ?? '') && readsSeries(node);
}
