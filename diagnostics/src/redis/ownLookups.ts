/** Lookups of keys that this service makes, as Redis counts them: they are no traffic of an application. */
import type { Lookups } from './context';
import { LENGTH } from './length';
import type { Answer } from './session';

/** Commands that look a key up, and what they answer when it is not there. */
const MISSED: Readonly<Record<string, (answer: Answer) => boolean>> = {
  PTTL: (answer) => answer === -2,
  TYPE: (answer) => answer === 'none',
  ...Object.fromEntries(Object.values(LENGTH).map((command) => [command, (answer: Answer) => answer === 0])),
  HGETALL: (answer) => Array.isArray(answer) && answer.length === 0,
};

export class OwnLookups implements Lookups {
  hits = 0;
  misses = 0;

  count(commands: ReadonlyArray<readonly string[]>, answers: readonly Answer[]): void {
    commands.forEach(([command = ''], index) => {
      const missed = MISSED[command];
      const answer = answers[index];
      if (missed === undefined || answer === undefined || answer instanceof Error) {
        return;
      }
      if (missed(answer)) {
        this.misses += 1;
      } else {
        this.hits += 1;
      }
    });
  }
}
