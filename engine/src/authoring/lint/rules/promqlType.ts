import { nodesOf } from '../queries/tree';
import { typeErrorIn, typeOf } from '../queries/types';
import type { PackRule } from './rule';

export const promqlType: PackRule = {
  id: 'promql-type',
  what: 'A PromQL expression gives a function or an operator what it does not take: `rate` of an instant vector, a scalar where series are wanted; or it answers no instant vector.',
  why: 'Prometheus refuses the query, in the incident and not before.',
  mend: 'Write the window after the selector, `rate(x[5m])`, a number where a scalar is wanted, and `vector(…)` where series are.',
  check: ({ trees }, tell) => {
    for (const [id, tree] of trees) {
      // What is no PromQL has no types; the parser has told that already.
      if ([...nodesOf(tree)].some(({ name }) => name === '⚠')) {
        continue;
      }
      const type = typeOf(tree);
      const wrong =
        typeErrorIn(tree) ??
        (type === 'range vector' || type === 'string'
          ? `the whole is a ${type}, which answers no number of this moment: put a function such as \`rate\` around it`
          : undefined);
      if (wrong !== undefined) {
        tell(`signal ${id}`, wrong, ['prometheus']);
      }
    }
  },
};
