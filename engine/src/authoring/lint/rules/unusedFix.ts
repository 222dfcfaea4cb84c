import type { PackRule } from './rule';

export const unusedFix: PackRule = {
  id: 'unused-fix',
  what: 'No cause of a runbook names one of its fixes.',
  why: 'The page never offers it.',
  mend: 'Name it under `fixes` of a cause, or delete it.',
  severity: 'warning',
  check: ({ loaded }, tell) => {
    for (const { id: runbook, causes, fixes } of loaded.pack.runbooks) {
      for (const id of Object.keys(fixes)) {
        if (!causes.some((cause) => cause.fixes.includes(id))) {
          tell(`fix ${runbook}/${id}`, `no cause of \`${runbook}\` names the fix \`${id}\``);
        }
      }
    }
  },
};
