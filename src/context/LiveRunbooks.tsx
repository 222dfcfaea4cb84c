/** What every page of the app works with. Tests put their own in. */
import { createContext, useContext } from 'react';
import type { Pack } from '@live-runbooks/engine';
import type { Sources } from '@live-runbooks/sources';
import type { Discovery } from '../estate/Discovery';
import type { PackLibrary } from '../packs/library';
import type { Settings } from '../grafana/settings';

export interface LiveRunbooks {
  /** Those that are evaluated. */
  readonly packs: readonly Pack[];
  /** Where each pack comes from, and what is wrong with packs. */
  readonly library: PackLibrary;
  readonly sources: Sources;
  /** Requests that it took to learn what there is to evaluate. */
  readonly requestsBefore: number;
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
