import { useCallback, useEffect, useState } from 'react';
import type { Kind, Pack } from '@live-runbooks/engine';
import { loadKinds } from './loadKinds';
import { loadPacks } from './loadPacks';

interface Loading {
  readonly packs?: readonly Pack[];
  /** Of the components that are no pack's. */
  readonly kinds?: readonly Kind[];
  /** Why they could not be loaded. */
  readonly error?: string;
}

/** The packs and kinds once they are loaded, or why not, and a way to try again. */
export function usePacks(): Loading & { readonly retry: () => void } {
  const [state, setState] = useState<Loading>({});
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let here = true;
    const set = (next: Loading) => here && setState(next);
    Promise.all([loadPacks(), loadKinds()]).then(
      ([packs, kinds]) => set({ packs, kinds }),
      (error: unknown) => set({ error: error instanceof Error ? error.message : String(error) })
    );
    return () => {
      here = false;
    };
  }, [attempt]);
  const retry = useCallback(() => {
    setState({});
    setAttempt((n) => n + 1);
  }, []);
  return { ...state, retry };
}
