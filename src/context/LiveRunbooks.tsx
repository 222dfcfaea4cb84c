/** What every page of the app works with. Tests put their own in. */
import { createContext, useContext } from 'react';
import type { Pack } from '@live-runbooks/engine';
import type { Sources } from '@live-runbooks/sources';
import type { Discovery } from '../estate/Discovery';
import type { Settings } from '../grafana/settings';

export interface LiveRunbooks {
  readonly packs: readonly Pack[];
  readonly sources: Sources;
  /** What there is beside the packs. */
  readonly discovery: Discovery;
  readonly settings: Settings;
  /** Now, in ms since the epoch. */
  readonly clock: () => number;
  readonly mayConfigure: boolean;
}

const Context = createContext<LiveRunbooks | undefined>(undefined);

export const LiveRunbooksProvider = Context.Provider;

export function useLiveRunbooks(): LiveRunbooks {
  const value = useContext(Context);
  if (!value) {
    throw new Error('A page of Live Runbooks was rendered outside its app');
  }
  return value;
}
