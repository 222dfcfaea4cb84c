/** Words for what changed, and when against the beginning of the trouble. */
import type { Change, Changes, Interval } from '@live-runbooks/engine';
import { clock } from './amounts';

/** `between 19:02:10 and 19:02:55`, `by 19:02:55` where its earliest moment is not known. */
export function whenWords({ from, to }: Interval, now: number): string {
  return from === -Infinity ? `by ${clock(to, now)}` : `between ${clock(from, now)} and ${clock(to, now)}`;
}

/** `Version 2.0.0 runs (the Gorax API)` */
export function changeWords({ what, where }: Pick<Change, 'what' | 'where'>): string {
  return `${what} (${where})`;
}

/** When a change was, and whether the trouble began after it. */
export function orderWords({ when, order }: Change, onset: Interval | undefined, now: number): string {
  if (when === undefined) {
    return 'When it changed is not known';
  }
  const against =
    order === 'before'
      ? 'before it began'
      : order === 'after'
        ? 'after it began'
        : onset === undefined
          ? 'and when the trouble began is not known'
          : 'about when it began';
  const moment = whenWords(when, now);
  return `${moment.charAt(0).toUpperCase()}${moment.slice(1)}, ${against}`;
}

/** One line for each order: what changed before it began, what may have, what changed after. */
export function changeLines({ changes }: Changes): string[] {
  const groups: ReadonlyArray<readonly [Change['order'], string]> = [
    ['before', 'Changed before it began'],
    ['unclear', 'Changed, not known whether before it began'],
    ['after', 'Changed after it began'],
  ];
  return groups.flatMap(([order, words]) => {
    const own = changes.filter((change) => change.order === order).map(changeWords);
    return own.length === 0 ? [] : [`${words}: ${own.join(', ')}`];
  });
}
