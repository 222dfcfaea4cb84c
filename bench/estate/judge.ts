/** What the looks at one case come to. */
import { type Look, leadersOf } from '../../tests/looks/look';
import type { EstateCase } from './case';

export type Judgement =
  'right' | 'late' | 'half' | 'abstained' | 'wrong as Possible' | 'WRONG AS LIKELY' | 'false alarm';

export interface Judged {
  readonly judgement: Judgement;
  /** From the injection to the first look in which every right cause leads, ms. */
  readonly foundMs?: number;
  readonly looks: number;
  /** Looks in which a cause that is neither right nor acceptable leads as Likely, and as Possible. */
  readonly wrongLikely: number;
  readonly wrongPossible: number;
  /** The wrong causes, most often seen first. */
  readonly wrongs: readonly string[];
  /** Whether anything was said to be wrong at all. */
  readonly felt: boolean;
}

/** Found later than this is late. */
const LATE_MS = 25_000;

const idOf = (cause: string): string => cause.slice(cause.lastIndexOf('/') + 1);
const isOneOf = (causes: readonly string[], wanted: readonly RegExp[]): boolean =>
  causes.some((cause) => wanted.some((pattern) => pattern.test(idOf(cause))));

/** `looks`: from the injection until the estate was healthy again. */
export function judgeLooks(estateCase: EstateCase, looks: readonly Look[], injectedAt: number): Judged {
  const right = estateCase.kind === 'fault' ? estateCase.right : [];
  const allowed =
    estateCase.kind === 'fault' ? [...right, ...(estateCase.acceptable ?? []).map(({ cause }) => cause)] : [];
  const wrong = new Map<string, number>();
  let wrongLikely = 0;
  let wrongPossible = 0;
  let foundAt: number | undefined;
  const named = new Set<RegExp>();
  for (const look of looks) {
    const leaders = leadersOf(look);
    const strangers = leaders.filter(({ causes }) => !isOneOf(causes, allowed));
    // Further down the list "possible" is no claim; at its head it is what the page says.
    const heading = strangers.filter((suspect) => suspect.verdict === 'likely' || suspect === leaders[0]);
    for (const { causes, verdict } of heading) {
      const key = `${causes[0]} (${verdict})`;
      wrong.set(key, (wrong.get(key) ?? 0) + 1);
    }
    wrongLikely += heading.some(({ verdict }) => verdict === 'likely') ? 1 : 0;
    wrongPossible += heading.length > 0 && heading.every(({ verdict }) => verdict !== 'likely') ? 1 : 0;
    const leading = right.filter((pattern) => leaders.some(({ causes }) => isOneOf(causes, [pattern])));
    leading.forEach((pattern) => named.add(pattern));
    // Of several faults each has to lead at the same time; of one it has to come first.
    const found = right.length > 1 ? leading.length === right.length : isOneOf(leaders[0]?.causes ?? [], right);
    foundAt ??= found && right.length > 0 ? look.at : undefined;
  }
  const felt = looks.some(({ state, suspects }) => state === 'problem' || suspects.length > 0);
  const wrongs = [...wrong].sort(([, a], [, b]) => b - a).map(([key, count]) => `${count} × ${key}`);
  const counts = { looks: looks.length, wrongLikely, wrongPossible, wrongs, felt };
  if (estateCase.kind === 'healthy') {
    return { judgement: felt ? 'false alarm' : 'right', ...counts };
  }
  const foundMs = foundAt === undefined ? undefined : foundAt - injectedAt;
  const judgement = (): Judgement => {
    if (wrongLikely > 0) {
      return 'WRONG AS LIKELY';
    }
    if (foundMs !== undefined) {
      return foundMs <= LATE_MS ? 'right' : 'late';
    }
    if (named.size > 0 && right.length > 1) {
      return 'half';
    }
    return wrongPossible > 0 ? 'wrong as Possible' : 'abstained';
  };
  return { judgement: judgement(), ...(foundMs === undefined ? {} : { foundMs }), ...counts };
}
