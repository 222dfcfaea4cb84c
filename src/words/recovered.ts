/** Words for what was true and is over. */
import type { WasTrue } from '@live-runbooks/engine';
import { clock, duration } from './amounts';
import type { Wording } from './verdict';

/** Neither a fault nor health: what the page says of now stands beside it. */
export const WAS_TRUE: Wording = {
  word: 'Was true',
  icon: 'history',
  tone: 'neutral',
  means: 'The evidence clearly spoke for this cause, and what it caused is over',
};

/** `Recovered 16:06:57 after 7 min 25 s`; what is not known is left out. */
export function recoveredWords({ from, seen, to }: WasTrue, now: number): string {
  if (to === undefined) {
    // Its end was not seen, only that it is over.
    return `Recovered since ${clock(seen, now)}`;
  }
  return `Recovered ${clock(to, now)}${from === undefined ? '' : ` after ${duration(to - from)}`}`;
}

/** `Was true 15:59:32–16:06:57`; what is not known is left out. */
export function wasTrueWords({ from, seen, to }: WasTrue, now: number): string {
  if (to === undefined) {
    return from === undefined
      ? `Was true at ${clock(seen, now)}`
      : `Was true from ${clock(from, now)}, and is over now`;
  }
  return from === undefined ? `Was true until ${clock(to, now)}` : `Was true ${clock(from, now)}–${clock(to, now)}`;
}
