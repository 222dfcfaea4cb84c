import { parser } from '@prometheus-io/lezer-promql';
import type { PromqlParser } from '@live-runbooks/engine/authoring';

/** The syntax check of PromQL, by the grammar that Prometheus' own editor uses. Types are not checked. */
export const parsePromql: PromqlParser = (expr) => {
  let error: { offset: number; message: string } | undefined;
  parser.parse(expr).iterate({
    enter: (node) => {
      if (node.type.isError && error === undefined) {
        const found = expr.slice(node.from, Math.max(node.to, node.from + 1));
        error = { offset: node.from, message: found === '' ? 'it ends too early' : `unexpected \`${found}\`` };
      }
    },
  });
  return error;
};
