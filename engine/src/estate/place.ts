/** Where something is: a component of the estate, or one that a pack declares. */
import type { Cause, Pack, Runbook } from '../model/pack';

export interface Place {
  /** Of the pack, which is the component itself in an estate. */
  readonly pack: string;
  /** Of one that the pack declares. */
  readonly component?: string;
}

/** One text for one place. Ids hold no space. */
export function keyOf({ pack, component }: Place): string {
  return component === undefined ? pack : `${pack} ${component}`;
}

/** The component at which a cause of a runbook is, or the one that the runbook treats. */
export function placeOf(pack: Pack, runbook: Runbook | undefined, cause?: Cause): Place {
  const component = pack.components === undefined ? undefined : (cause?.at ?? runbook?.of);
  return { pack: pack.id, ...(component === undefined ? {} : { component }) };
}
