import type { PluginJson } from './pluginJson';

/** What Grafana fills in where plugin.json says nothing. */
export const dependenciesOf = ({ dependencies }: PluginJson) => ({
  grafanaVersion: '*',
  plugins: [],
  extensions: { exposedComponents: [] },
  ...dependencies,
});

export const extensionsOf = ({ extensions }: PluginJson) => ({
  addedLinks: [],
  addedComponents: [],
  exposedComponents: [],
  extensionPoints: [],
  addedFunctions: [],
  ...extensions,
});

/** `translations`, when plugin.json names languages. */
export const translationsOf = ({ id, languages }: PluginJson) =>
  languages && {
    translations: Object.fromEntries(
      languages.map((language) => [language, `public/plugins/${id}/locales/${language}/${id}.json`])
    ),
  };

/** The app in the frontend settings: what Grafana knows of it before it loads it. */
export function describeApp(plugin: PluginJson) {
  const { id, info } = plugin;
  return {
    id,
    path: `public/plugins/${id}/module.js`,
    version: info.version ?? '',
    preload: false,
    angular: { detected: false },
    loadingStrategy: 'script',
    extensions: extensionsOf(plugin),
    dependencies: dependenciesOf(plugin),
    ...translationsOf(plugin),
  };
}
