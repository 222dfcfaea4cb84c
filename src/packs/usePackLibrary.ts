import { useMemo } from 'react';
import type { Kind } from '@live-runbooks/engine';
import type { Sources } from '@live-runbooks/sources';
import { useIsLate } from '../components/useIsLate';
import { usePolled } from '../evaluation/usePolled';
import { libraryOf, type FromService, type PackLibrary } from './library';
import { usePacks } from './usePacks';

/** Whoever mends a pack sees it within this time, and one small request each time is what it costs. */
const ASK_EVERY_SECONDS = 120;

interface Loading {
  readonly library?: PackLibrary;
  /** Of the components that are no pack's. */
  readonly kinds?: readonly Kind[];
  /** Why the built-in packs could not be loaded. */
  readonly error?: string;
  readonly retry: () => void;
}

/** The built-in packs and those of the service, once both are known; the service is waited for a moment only. */
export function usePackLibrary(sources: Pick<Sources, 'packs'>): Loading {
  const { packs, kinds, error, retry } = usePacks();
  const ask = useMemo(() => askingPacks(sources), [sources]);
  const told = usePolled(ask, ASK_EVERY_SECONDS, 0);
  const late = useIsLate(sources);
  const known = told ?? (late ? NOTHING : undefined);
  const library = useMemo(
    () => packs && kinds && known && libraryOf(packs, known, new Map(kinds.map((kind) => [kind.id, kind]))),
    [packs, kinds, known]
  );
  return { library, kinds, error, retry };
}

const NOTHING: FromService = {};

/** Each answer over the one before: while nothing changes it is the same, so that no page begins anew. */
function askingPacks(sources: Pick<Sources, 'packs'>): (signal: AbortSignal) => Promise<FromService> {
  let last: FromService = NOTHING;
  return async (signal) => {
    const answer = await sources.packs(signal);
    const next = 'reason' in answer ? { ...last, failure: answer } : { served: answer };
    last = JSON.stringify(next) === JSON.stringify(last) ? last : next;
    return last;
  };
}
