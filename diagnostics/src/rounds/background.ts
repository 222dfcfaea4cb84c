/**
 * Rounds of the background: one is taken when the last round, requested or not, is old enough, and soon after one that had no
 * answer.
 */
import type { SharedRounds } from './sharedRounds';
import { SILENCE_PROVES_MS } from './silence';

export interface BackgroundOptions {
  readonly everyMs: number;
  readonly onError: (error: unknown, shared: SharedRounds) => void;
}

/** Goes on until `stop`. */
export function takeInBackground(
  sharedRounds: Iterable<SharedRounds>,
  { everyMs, onError }: BackgroundOptions
): { readonly stop: () => void } {
  const timers = new Map<SharedRounds, NodeJS.Timeout>();
  let stopped = false;
  const wait = (shared: SharedRounds, ms: number): void => {
    if (!stopped) {
      timers.set(
        shared,
        setTimeout(() => void look(shared), ms)
      );
    }
  };
  const look = async (shared: SharedRounds): Promise<void> => {
    const every = (): number => (shared.isDoubtful ? Math.min(everyMs, SILENCE_PROVES_MS) : everyMs);
    const left = every() - shared.ageMs();
    if (left <= 0) {
      await shared.round({ unasked: true }).catch((error: unknown) => onError(error, shared));
    }
    wait(shared, left <= 0 ? every() : left);
  };
  for (const shared of sharedRounds) {
    wait(shared, everyMs);
  }
  return {
    stop: () => {
      stopped = true;
      timers.forEach((timer) => clearTimeout(timer));
    },
  };
}
