import type { AppPluginMeta } from '@grafana/data';
import { createContext, useContext } from 'react';

const Context = createContext<AppPluginMeta | undefined>(undefined);
export const PluginMetaProvider = Context.Provider;

/** The plugin that the workbench carries. */
export function usePluginMeta(): AppPluginMeta {
  const meta = useContext(Context);
  if (!meta) {
    throw new Error('usePluginMeta is used outside of PluginMetaProvider');
  }
  return meta;
}
