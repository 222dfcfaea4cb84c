/**
 * Components that nobody adopted, beside what is somebody's: packs, and components that somebody adopted. Trouble there is trouble;
 * what could not be checked there is told, and says nothing of what is theirs.
 */
import type { RunbookDiagnosis } from '../model/diagnosis';
import type { Estate } from '../model/estate';
import { listed } from '../wording/listed';

/** How many are named. */
const NAMED = 3;

/** Their ids. Where nothing else is looked at there are none: then they are all that there is to say something of. */
export function strangersAmong(
  diagnoses: readonly RunbookDiagnosis[],
  estate: Estate | undefined
): ReadonlySet<string> {
  const strangers = new Set(estate?.components.flatMap(({ id, adopted }) => (adopted === false ? [id] : [])));
  return diagnoses.every(({ pack }) => strangers.has(pack)) ? new Set() : strangers;
}

/** "Not adopted, could not be checked: Cart and Batch."; undefined when all of them are known, or in trouble. */
export function strangersWords(
  strangers: ReadonlySet<string>,
  estate: Estate | undefined,
  diagnoses: readonly RunbookDiagnosis[]
): string | undefined {
  const states = new Map<string, Set<RunbookDiagnosis['state']>>();
  diagnoses.forEach(({ pack, state }) => states.set(pack, (states.get(pack) ?? new Set()).add(state)));
  const titles = (estate?.components ?? []).flatMap(({ id, title }) => {
    const own = states.get(id);
    return strangers.has(id) && own?.has('unknown') === true && !own.has('problem') ? [title] : [];
  });
  if (titles.length === 0) {
    return undefined;
  }
  const more = titles.length - NAMED;
  return `Not adopted, could not be checked: ${listed([...titles.slice(0, NAMED), ...(more > 0 ? [`${more} more`] : [])])}.`;
}
