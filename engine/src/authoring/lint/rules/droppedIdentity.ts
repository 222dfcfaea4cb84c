import { keepsLabels } from '../../../quoting/slot';
import type { Pack, Param } from '../../../model/pack';
import { parseTemplate } from '../../../wording/template';
import { discoveriesOf } from '../discoveries';
import { labelsOf } from '../queries/labels';
import {
  aggregationOf,
  binaryOf,
  functionOf,
  matchingOf,
  nodesOf,
  readsSeries,
  shorten,
  type QueryNode,
} from '../queries/tree';
import { fillQuery } from '../sample';
import type { PackRule } from './rule';

/** Stands for the labels of a scope, whatever they are: each kind, and each convention of names, has its own. */
const IDENTITY = 'label_of_the_component';
/** Functions that answer without the labels of their argument. */
const DROPS_ALL = /^(scalar|absent|absent_over_time)$/;

export const droppedIdentity: PackRule = {
  id: 'dropped-identity',
  what: 'A query that is asked once for many components drops the labels that tell them apart: in an aggregation, in `on (…)` or `ignoring (…)`, or by `scalar` or `absent`; or `discover` of a kind answers without them.',
  why: 'Its answer belongs to no component, or one component is judged by what another one does.',
  mend: 'Keep the labels of the scope everywhere: `sum by ({{api | labels}}) (…)`, `… / on ({{api | labels}}) …`, `max by (pod{{api | andLabels}}) (…)`.',
  check: ({ loaded, readPromql }, tell) => {
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
      const tree = readPromql(fillQuery(withIdentity(pack, scope), query.expr, 'promql'));
      const place = [...nodesOf(tree)].find(drops);
      if (place !== undefined || labelsOf(tree)?.has(IDENTITY) === false) {
        const where = place === undefined ? 'the answer' : `\`${shorten(place.text.replaceAll(IDENTITY, '…'))}\``;
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

function withIdentity(pack: Pack, scope: string): Pack {
  const param: Param = { title: scope, required: false, ...pack.params[scope], kind: 'selector', identity: [IDENTITY] };
  return { ...pack, params: { ...pack.params, [scope]: param } };
}

/** Whether the node itself takes the labels off series. */
function drops(node: QueryNode): boolean {
  const aggregation = aggregationOf(node);
  if (aggregation !== undefined && readsSeries(aggregation.operand)) {
    return aggregation.without === undefined && !aggregation.by.includes(IDENTITY);
  }
  const binary = binaryOf(node);
  if (binary !== undefined && readsSeries(binary.left) && readsSeries(binary.right)) {
    const { on, ignoring } = matchingOf(node);
    return on?.includes(IDENTITY) === false || ignoring?.includes(IDENTITY) === true;
  }
  return DROPS_ALL.test(functionOf(node) ?? '') && readsSeries(node);
}
