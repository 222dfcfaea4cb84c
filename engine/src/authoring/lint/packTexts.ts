import { fixTexts } from '../../compiled/fixReads';
import type { Pack } from '../../model/pack';
import type { Path } from '../source';

/** A text of a pack in which placeholders may stand, and where its author wrote it. */
export interface PackText {
  readonly text: string;
  readonly origin: string;
  /** Below the origin; empty: the origin itself. */
  readonly path: Path;
}

/** What changes say, and the causes and the fixes of all runbooks, in the order of the pack. */
export function textsOf({ runbooks, signals }: Pack): PackText[] {
  const changes = Object.values(signals).flatMap(({ id, change }): PackText[] =>
    change?.says === undefined ? [] : [{ text: change.says, origin: `signal ${id}`, path: ['change', 'says'] }]
  );
  return changes.concat(
    runbooks.flatMap((runbook) => [
      ...runbook.causes.flatMap((cause): PackText[] => {
        const name = `cause ${runbook.id}/${cause.id}`;
        return [
          { text: cause.says, origin: `${name} says`, path: [] },
          ...cause.evidence.map(({ says = '' }, index) => ({
            ...{ text: says, origin: `${name} evidence ${index}`, path: ['says'] },
          })),
        ];
      }),
      ...Object.values(runbook.fixes).flatMap((fix) =>
        fixTexts(fix).map((text): PackText => ({
          ...{ text, origin: `fix ${runbook.id}/${fix.id}`, path: text === fix.command ? [fix.language] : [] },
        }))
      ),
    ])
  );
}
