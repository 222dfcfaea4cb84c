import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { useLiveRunbooks } from '../context/LiveRunbooks';
import { TRY_AGAIN_MS, type Discovery, type EstateState } from './Discovery';

/** A page waits this long for the first estate, so that packs and components are asked together; then it goes on without. */
const GRACE_MS = 2_000;

/** The estate as it is known. It is asked for while a page is open that needs it; others only read. */
export function useEstate(discovery: Discovery, needed = true): EstateState {
  const subscribe = useCallback(
    (changed: () => void) => {
      const subscription = discovery.state.subscribe(changed);
      return () => subscription.unsubscribe();
    },
    [discovery]
  );
  const state = useSyncExternalStore(subscribe, () => discovery.state.value);
  useEffect(() => {
    if (!needed) {
      return undefined;
    }
    discovery.ask();
    const timer = setInterval(() => document.visibilityState !== 'hidden' && discovery.ask(), TRY_AGAIN_MS);
    return () => clearInterval(timer);
  }, [discovery, needed]);
  return state;
}

/** The same for a page that can do without: undefined while it is worth waiting for. */
export function useAwaitedEstate(): EstateState | undefined {
  const { discovery } = useLiveRunbooks();
  const state = useEstate(discovery);
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), GRACE_MS);
    return () => clearTimeout(timer);
  }, [discovery]);
  return state.known || late ? state : undefined;
}
