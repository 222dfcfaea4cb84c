import { createContext, useContext } from 'react';

interface CommandTime {
  /** Has a copied fix watched, with what stood in its inputs. */
  readonly startWatch: (fix: string, typed: Readonly<Record<string, string>>) => void;
  /** Set while the page shows the past: a session of then may be another one now, so nothing is copied. */
  readonly backToNow?: () => void;
}

const Context = createContext<CommandTime>({ startWatch: () => {} });

/** Tells the cards below whether commands may be copied, and gives them a way to have a copied one watched. */
export const CommandTimeProvider = Context.Provider;

export const useCommandTime = () => useContext(Context);
