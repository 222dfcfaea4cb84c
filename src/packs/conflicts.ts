/**
 * What packs say differently of one component. It is evaluated as the first of them says, as it was before the other pack came; that the
 * other one is not followed is an error of its pack, and nothing is called fine meanwhile.
 */
import type { DeclaredEstate, DeclaredValue, EstateConflict, Unread } from '@live-runbooks/engine';
import type { PackProblem } from '@live-runbooks/sources';
import { packFileOf, placeOf, type PackLibrary } from './library';

/** The library with what its packs say differently, none of which is in their files alone. */
export function withConflicts(library: PackLibrary, { conflicts }: DeclaredEstate): PackLibrary {
  const problems = conflicts.map((conflict) => problemOf(conflict, library));
  const [first] = problems;
  if (first === undefined) {
    return library;
  }
  const more = problems.length - 1;
  const unread: Unread = {
    what: 'a component as one of its packs declares it',
    reason: 'not-configured',
    detail: `${placeOf(first)}: ${first.message}${more > 0 ? `; and ${more} more` : ''}`,
    mend: 'Say the same in both packs, or in one of them alone.',
  };
  return { ...library, problems: [...library.problems, ...problems], unread: [...library.unread, unread] };
}

function problemOf({ kind, what, first, second }: EstateConflict, library: PackLibrary): PackProblem {
  const message = `${nameOf(second)} and ${nameOf(first)} are one ${kind}, and differ: ${what} is \`${second.value}\` here and \`${first.value}\` in ${whereIs(first, library)}, which is evaluated. Say the same in both, or in one of them alone`;
  return { file: whereIs(second, library), line: 1, severity: 'error', message };
}

function nameOf({ pack, component }: DeclaredValue): string {
  return `\`${pack}/${component}\``;
}

function whereIs({ pack }: DeclaredValue, library: PackLibrary): string {
  return packFileOf(library, pack) ?? `the built-in pack ${pack}`;
}
