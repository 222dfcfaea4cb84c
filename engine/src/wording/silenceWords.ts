import { capitalise } from './capitalise';
import { ended } from './ended';
import { listed } from './listed';

/** So many are named where there are more. */
const NAMED = 2;

/** What those that a component depends on were heard to say, each group by its titles. */
interface Heard {
  readonly troubled: readonly string[];
  readonly well: readonly string[];
  readonly partly: readonly string[];
  readonly unheard: readonly string[];
}

/**
 * "Postgres, Redis and 2 more that it depends on were asked and show no trouble; the queue could not be asked." Undefined where it
 * depends on nothing that is known.
 */
export function silenceWords({ troubled, well, partly, unheard }: Heard): string | undefined {
  const groups: ReadonlyArray<readonly [titles: readonly string[], one: string, several: string]> = [
    [troubled, 'shows trouble', 'show trouble'],
    [well, 'was asked and shows no trouble', 'were asked and show no trouble'],
    [partly, 'shows no trouble in what could be asked of it', 'show no trouble in what could be asked of them'],
    [unheard, 'could not be asked', 'could not be asked'],
  ];
  const clauses = groups
    .filter(([titles]) => titles.length > 0)
    .map(([titles, one, several], index) => {
      const whose = index === 0 ? ' that it depends on' : '';
      return `${names(titles)}${whose} ${titles.length === 1 ? one : several}`;
    });
  return clauses.length === 0 ? undefined : ended(capitalise(clauses.join('; ')));
}

function names(titles: readonly string[]): string {
  // "And 1 more" is no shorter than its name.
  return listed(titles.length <= NAMED + 1 ? titles : [...titles.slice(0, NAMED), `${titles.length - NAMED} more`]);
}
