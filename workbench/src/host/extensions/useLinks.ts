import type { AppPlugin } from '@grafana/data';
import { createContext, useContext, useMemo } from 'react';
import { usePluginMeta } from '../chrome/PluginContext';
import { linksAt, type LinkPoint, type ShownLink } from './addedLinks';

const Context = createContext<AppPlugin | undefined>(undefined);
export const PluginProvider = Context.Provider;

/** The plugin's links at a point. What Grafana would refuse is an error in the console, where tests look for errors. */
export function useLinks(point: LinkPoint, context?: object): ShownLink[] {
  const plugin = useContext(Context);
  const meta = usePluginMeta();
  return useMemo(
    () =>
      linksAt(
        point,
        {
          pluginId: meta.id,
          configs: meta.enabled ? (plugin?.addedLinkConfigs ?? []) : [],
          declared: meta.extensions?.addedLinks ?? [],
          onRefused: (why) => console.error(why),
        },
        context
      ),
    [plugin, meta, point, context]
  );
}
