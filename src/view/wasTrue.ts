import type { WasTrue } from '@live-runbooks/engine';
import type { Recovered } from '../evaluation/useRecovered';

/** What is told of a cause of a runbook that was true and is over; undefined when it was not, or is not known. */
export function wasTrueOf(
  recovered: Recovered | undefined,
  pack: string,
  runbook: string,
  cause: string
): WasTrue | undefined {
  const isIt = (one: Pick<WasTrue, 'pack' | 'runbook' | 'cause'>) =>
    one.pack === pack && one.runbook === runbook && one.cause === cause;
  return recovered?.recorded === true
    ? recovered.causes.find((told) => isIt(told) || told.alsoIn.some(isIt))
    : undefined;
}
