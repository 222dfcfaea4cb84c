import { createContext, useContext } from 'react';
import type { FixWatch } from '@live-runbooks/engine';

export interface Watching {
  /** The fix that is watched, since when, and how it stands. */
  readonly watch: { readonly fix: string; readonly copiedAt: number; readonly state: FixWatch } | undefined;
  readonly start: (fix: string) => void;
  readonly stop: () => void;
}

const Context = createContext<Watching>({ watch: undefined, start: () => {}, stop: () => {} });

export const WatchProvider = Context.Provider;

export const useWatch = () => useContext(Context);
