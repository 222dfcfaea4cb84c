import { createContext, useContext } from 'react';

const Context = createContext<(fix: string) => void>(() => {});

/** Gives the cards below a way to have a copied fix watched. */
export const StartWatchProvider = Context.Provider;

export const useStartWatch = () => useContext(Context);
