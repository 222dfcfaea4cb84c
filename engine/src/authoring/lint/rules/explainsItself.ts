import { explainsNames } from '../../../compiled/explains';
import { causesOf } from '../causesOf';
import type { PackRule } from './rule';

export const explainsItself: PackRule = {
  id: 'explains-itself',
  what: 'A cause names its own runbook under `explains`.',
  why: 'A cause is no consequence of itself, so the name has no effect.',
  mend: 'Delete the name, or write the runbook that was meant.',
  severity: 'warning',
  check: ({ loaded: { pack } }, tell) => {
    for (const { cause, name, runbook } of causesOf(pack)) {
      // A shared cause names every runbook downstream of it, and may well stand in some of them.
      const isOwn = cause.identity === `${pack.id}/${runbook.id}/${cause.id}`;
      explainsNames(cause, pack.id).forEach(({ name: target }, index) => {
        if (isOwn && target === runbook.id) {
          tell(
            `${name} explains`,
            `\`${cause.explains[index] ?? ''}\` is the runbook of this cause; it cannot be downstream of it`,
            [index]
          );
        }
      });
    }
  },
};
