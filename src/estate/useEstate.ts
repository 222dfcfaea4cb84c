import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { useIsLate } from '../components/useIsLate';
import { useLiveRunbooks } from '../context/LiveRunbooks';
import { TRY_AGAIN_MS, type Discovery, type EstateState } from './Discovery';

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

/** The same for a page that can do without: undefined while it is worth waiting for, so that packs and components are asked together. */
export function useAwaitedEstate(): EstateState | undefined {
  const { discovery } = useLiveRunbooks();
  const state = useEstate(discovery);
  const late = useIsLate(discovery);
  return state.known || late ? state : undefined;
}
