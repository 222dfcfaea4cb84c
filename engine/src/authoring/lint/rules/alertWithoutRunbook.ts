import type { PackRule } from './rule';

export const alertWithoutRunbook: PackRule = {
  id: 'alert-without-runbook',
  what: 'A runbook defines an alert under `prevention` and does not list it under `alerts`.',
  why: 'The alert fires, and the runbook does not open for it.',
  mend: 'Add its name to `alerts` of the same runbook.',
  check: ({ loaded }, tell) => {
    for (const { id, alerts, prevention } of loaded.pack.runbooks) {
      prevention.forEach(({ alert }, index) => {
        if (!alerts.includes(alert)) {
          tell(`prevention ${id}/${index}`, `the alert \`${alert}\` does not open this runbook: add it to alerts`, [
            'alert',
          ]);
        }
      });
    }
  },
};
