import type { Cause } from '../../../model/pack';
import { weightsOf } from '../weights';
import type { PackRule } from './rule';

export const identicalEvidence: PackRule = {
  id: 'identical-evidence',
  what: 'Two causes of one runbook have the same evidence with the same weights.',
  why: 'Their scores are always equal, so the runbook cannot say which of them it is.',
  mend: 'Give one of them evidence that the other does not have, or make them one cause.',
  check: ({ loaded }, tell) => {
    for (const runbook of loaded.pack.runbooks) {
      const seen = new Map<string, string>();
      for (const cause of runbook.causes.filter(({ evidence }) => evidence.length > 0)) {
        const fingerprint = fingerprintOf(cause);
        const twin = seen.get(fingerprint);
        if (twin !== undefined) {
          tell(
            `cause ${runbook.id}/${cause.id} evidence`,
            `\`${cause.id}\` and \`${twin}\` have identical evidence: nothing can tell them apart`
          );
        }
        seen.set(fingerprint, cause.id);
      }
    }
  },
};

function fingerprintOf({ evidence }: Cause): string {
  return JSON.stringify(evidence.map((item) => [item.signal, JSON.stringify(item.where), ...weightsOf(item)]).sort());
}
