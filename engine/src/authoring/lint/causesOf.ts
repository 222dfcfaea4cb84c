import type { Cause, Pack, Runbook } from '../../model/pack';

/** A cause of a pack, and the name of its origin. */
export interface NamedCause {
  readonly runbook: Runbook;
  readonly cause: Cause;
  readonly name: string;
}

/** The causes of all runbooks, in the order of the pack. */
export function causesOf({ runbooks }: Pack): NamedCause[] {
  return runbooks.flatMap((runbook) =>
    runbook.causes.map((cause) => ({ runbook, cause, name: `cause ${runbook.id}/${cause.id}` }))
  );
}
