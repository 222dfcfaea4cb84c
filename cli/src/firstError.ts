import type { Tree } from '@lezer/common';

/** Where a parsed expression first leaves its grammar; undefined when it is sound. */
export function firstError(
  tree: Tree,
  expr: string
): { readonly offset: number; readonly message: string } | undefined {
  let error: { offset: number; message: string } | undefined;
  tree.iterate({
    enter: (node) => {
      if (node.type.isError && error === undefined) {
        const found = expr.slice(node.from, Math.max(node.to, node.from + 1));
        error = { offset: node.from, message: found === '' ? 'it ends too early' : `unexpected \`${found}\`` };
      }
    },
  });
  return error;
}
