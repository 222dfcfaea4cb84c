import { selectorsOf } from '../queries/tree';
import { queryRule } from './queryRule';

/** Pods of workloads that are named like one of the pack's, and are others. */
const others = (workload: string): string[] => [
  `${workload}-canary-7d9f8b6c5-x2k4q`,
  `${workload}2-7d9f8b6c5-x2k4q`,
  `old-${workload}-7d9f8b6c5-x2k4q`,
];

/** `api.*` also matches the pods of `api-canary`, which do other work. */
export const podMatcher = queryRule({
  id: 'pod-matcher',
  what: 'A pattern for pods also matches the pods of another workload: `api.*` matches `api-canary-…`.',
  why: 'What is measured of a canary is taken for the service.',
  mend: 'Write `pod=~"{{deployment | pods}}"`, which matches the pods of that deployment and no others.',
  problemOf: ({ pack, tree }) => {
    const decoys = Object.values(pack.params).flatMap(({ kind, default: value }) =>
      kind === 'value' && value !== undefined ? others(value) : []
    );
    for (const { matchers } of tree === undefined ? [] : selectorsOf(tree)) {
      for (const { value } of matchers.filter(({ label, operator }) => label === 'pod' && operator === '=~')) {
        const other = decoys.find((decoy) => matches(value, decoy));
        if (other !== undefined) {
          return `\`pod=~"${value}"\` also matches \`${other}\`, a pod of another workload: write \`pod=~"{{deployment | pods}}"\``;
        }
      }
    }
    return undefined;
  },
});

function matches(pattern: string, name: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(name);
  } catch {
    // RE2 has forms that JavaScript has not; what cannot be tried is not judged.
    return false;
  }
}
