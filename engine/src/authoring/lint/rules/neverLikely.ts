import type { Cause } from '../../../model/pack';
import { LIKELY } from '../../../ranking/verdict';
import { PRIORS } from '../../../ranking/weigh';
import { causesOf } from '../causesOf';
import { weightsOf } from '../weights';
import type { PackRule } from './rule';

export const neverLikely: PackRule = {
  id: 'never-likely',
  what: 'All evidence of a cause together is too weak for the verdict "likely".',
  why: 'The runbook never calls the cause likely, even when everything speaks for it.',
  mend: 'Add evidence, or write a stronger band (`strong` instead of `moderate`) where the evidence is that strong.',
  severity: 'warning',
  check: ({ loaded }, tell) => {
    for (const { cause, name } of causesOf(loaded.pack)) {
      const best = bestOf(cause);
      if (cause.evidence.length > 0 && best < LIKELY) {
        tell(
          `${name} evidence`,
          `\`${cause.id}\` reaches ${best} decibans at best and can never be likely (${LIKELY})`
        );
      }
    }
  },
};

/** All evidence for a cause together; what is correlated counts once. Decibans. */
function bestOf({ evidence, prior }: Cause): number {
  const groups = new Map<string, number>();
  evidence.forEach((item, index) => {
    const group = item.group ?? `#${index}`;
    groups.set(group, Math.max(groups.get(group) ?? 0, ...weightsOf(item)));
  });
  return [...groups.values()].reduce((sum, weight) => sum + weight, PRIORS[prior]);
}
