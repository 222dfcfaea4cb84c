import type { Outcome } from '../model/outcome';
import { unknown } from './outcomeOf';
import type { Home } from './routes';

/** A signal whose requirement is absent does not apply; one whose requirement is unknown is unknown for that reason. */
export function settle(
  key: string,
  homes: ReadonlyMap<string, Home>,
  outcomes: Map<string, Outcome>,
  settled: Set<string>
): void {
  if (settled.has(key)) {
    return;
  }
  settled.add(key);
  const home = homes.get(key);
  const outcome = outcomes.get(key);
  if (!home || !outcome || home.signal.requires.length === 0) {
    return;
  }
  for (const requiredKey of home.requires) {
    settle(requiredKey, homes, outcomes, settled);
    const state = outcomes.get(requiredKey);
    // An empty answer is explained by a requirement that is absent (no requests, so no share of them); another unknown stands.
    const unexplained = outcome.state === 'unknown' && !(outcome.reason === 'no-series' && state?.state === 'absent');
    if (state?.state === 'present' || unexplained) {
      continue;
    }
    const title = homes.get(requiredKey)?.signal.title ?? requiredKey.slice(home.bound.pack.id.length + 1);
    outcomes.set(
      key,
      state?.state === 'absent'
        ? unknown(home.signal, 'not-applicable', {
            detail: `applies only when: ${title}`,
            mend: 'Nothing to do.',
            askedAt: outcome.askedAt,
          })
        : unknown(home.signal, state?.reason ?? 'cancelled', {
            detail: `depends on "${title}", which is unknown`,
            ...(state?.mend === undefined ? {} : { mend: state.mend }),
            askedAt: outcome.askedAt,
          })
    );
    return;
  }
}
