import { explainsNames, namesIdentity } from '../../../compiled/explains';
import type { Cause } from '../../../model/pack';
import type { Linted, PackRule } from './rule';

interface Place {
  readonly pack: string;
  readonly runbook: string;
  readonly cause: Cause;
}

export const explainsCircle: PackRule = {
  id: 'explains-circle',
  what: 'Causes name each other under `explains`, in a circle.',
  why: 'Each would count as a consequence of the other, so the engine drops one of the two relations without a word, and the wrong cause may lead.',
  mend: 'Keep `explains` at the cause that comes first, and delete the other name.',
  check: (linted, tell) => {
    const places = placesOf(linted);
    const next = new Map(places.map((place) => [place, places.filter((other) => explainsByName(place, other))]));
    for (const place of places) {
      if (place.pack !== linted.loaded.pack.id) {
        continue;
      }
      const circle = circleOf(place, next);
      if (circle !== undefined) {
        tell(
          `cause ${place.runbook}/${place.cause.id} explains`,
          `\`${place.cause.id}\` explains itself in a circle: ${circle.map(({ cause }) => cause.identity).join(' → ')}; keep the direction in which the harm travels`
        );
      }
    }
  },
};

function placesOf({ all }: Linted): Place[] {
  return all.flatMap(({ pack }) =>
    pack.runbooks.flatMap(({ id, causes }) => causes.map((cause) => ({ pack: pack.id, runbook: id, cause })))
  );
}

/** By the cause's own name. The name of a runbook means whatever else is found in it, and may go both ways. */
function explainsByName({ cause, pack }: Place, other: Place): boolean {
  return (
    cause.identity !== other.cause.identity &&
    explainsNames(cause, pack).some(
      (name) =>
        namesIdentity(name, other.cause.identity) ||
        ((name.pack === '*' || name.pack === other.pack) && name.name === `${other.runbook}/${other.cause.id}`)
    )
  );
}

/** The shortest way from a cause back to itself. */
function circleOf(start: Place, next: ReadonlyMap<Place, readonly Place[]>): readonly Place[] | undefined {
  const seen = new Set<string>();
  let ways: Array<readonly Place[]> = [[start]];
  while (ways.length > 0) {
    const longer: Array<readonly Place[]> = [];
    for (const way of ways) {
      for (const place of next.get(way.at(-1) ?? start) ?? []) {
        if (place.cause.identity === start.cause.identity) {
          return [...way, place];
        }
        if (!seen.has(place.cause.identity)) {
          seen.add(place.cause.identity);
          longer.push([...way, place]);
        }
      }
    }
    ways = longer;
  }
  return undefined;
}
