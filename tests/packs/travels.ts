import type { Effect, Pack, RankedCause } from '@live-runbooks/engine';

/** What trouble at a dependency can be at who depends on it, as in docs/engine.md. */
export const TRAVELS: Readonly<Record<Effect, readonly Effect[]>> = {
  unavailable: ['unavailable', 'errors', 'latency', 'saturation'],
  errors: ['errors'],
  latency: ['latency', 'saturation', 'errors'],
  saturation: ['errors', 'latency'],
  data: ['data', 'errors'],
  backlog: [],
};

/** Ten decibans of what no dependency brings about and what is no change, or something that decides. */
export function isProvenByItself({ signals }: Pack, { decisive, supports }: RankedCause): boolean {
  const own = supports.filter(({ signal: id, outcome }) => {
    const { effect, own: isOwn, viewOf, change } = signals[id] ?? {};
    return (
      outcome.state === 'present' &&
      (effect === undefined || isOwn === true) &&
      viewOf === undefined &&
      change === undefined
    );
  });
  return decisive === true || own.reduce((sum, { weight }) => sum + weight, 0) >= 10;
}
