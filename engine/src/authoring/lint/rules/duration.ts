import { isDuration } from '../../../wording/duration';
import type { PackRule } from './rule';

export const duration: PackRule = {
  id: 'duration',
  what: 'The `for` of an alert is no duration of Prometheus.',
  why: 'Prometheus refuses the whole rule file, with every other alert in it.',
  mend: 'Write a number with its unit, `5m` or `1h30m`, or a parameter of the kind duration.',
  check: ({ loaded }, tell) => {
    for (const runbook of loaded.pack.runbooks) {
      runbook.prevention.forEach(({ alert, for: hold }, index) => {
        const name = /^\{\{\s*(\w+)\s*\}\}$/.exec(hold)?.[1];
        const sound = name === undefined ? isDuration(hold) : loaded.pack.params[name]?.kind === 'duration';
        if (!sound) {
          tell(
            `prevention ${runbook.id}/${index}`,
            `\`for: ${hold}\` of \`${alert}\` is no duration: write a number with its unit, like 30s, 5m or 1h30m, or a parameter of the kind duration`,
            ['for']
          );
        }
      });
    }
  },
};
