/** Looks at the estate again and again, and keeps what each look saw. */
import type { Evaluation } from '../../src/evaluation/evaluation';
import type { Looker } from '../../tests/looks/looker';
import type { Look } from '../../tests/looks/look';
import { lookOf } from '../../tests/looks/lookOf';
import { pause } from './tools';

export interface Seen {
  readonly look: Look;
  readonly outcomes: Evaluation['outcomes'];
}

export interface Watch {
  /** What was seen since the last call of `begin`. */
  readonly seen: readonly Seen[];
  begin(): void;
  /** Resolves with the first look that is as wanted, or undefined at the deadline. */
  until(wanted: (look: Look) => boolean, deadlineMs: number): Promise<Look | undefined>;
  stop(): Promise<void>;
}

/** As often as a person who watches closely lets the page refresh. */
const EVERY_MS = 2000;

export function watchEstate(looker: Looker): Watch {
  let seen: Seen[] = [];
  let going = true;
  const loop = (async () => {
    while (going) {
      const evaluation = await looker.look();
      seen.push({ look: lookOf(evaluation), outcomes: evaluation.outcomes });
      await pause(EVERY_MS);
    }
  })();
  return {
    get seen() {
      return seen;
    },
    begin() {
      seen = [];
    },
    async until(wanted, deadlineMs) {
      const from = Date.now();
      for (let next = seen.length; Date.now() - from < deadlineMs; await pause(200)) {
        for (; next < seen.length; next += 1) {
          const look = seen[next]?.look;
          if (look && wanted(look)) {
            return look;
          }
        }
      }
      return undefined;
    },
    async stop() {
      going = false;
      await loop;
    },
  };
}

export const isHealthy = ({ state, suspects }: Look): boolean =>
  suspects.length === 0 &&
  (state === 'nothing-wrong' || state === 'no-known-problem' || state === 'nothing-wrong-found');
