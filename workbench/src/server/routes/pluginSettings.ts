import { readJson, sendError, sendJson, type Route } from '../http/exchange';
import { dependenciesOf, extensionsOf, translationsOf } from '../plugin/describe';
import type { PluginInclude, PluginJson } from '../plugin/pluginJson';
import { saveSettings, type PluginSettings } from '../plugin/settings';
import { accessDenied, may } from '../users/permissions';

const PATH = '/api/plugins/:id/settings';
const UNKNOWN = { message: 'Plugin not found, no installed plugin with that id' };

export const getPluginSettingsRoute: Route = {
  method: 'GET',
  path: PATH,
  handle: ({ response, state: { plugin, settings } }, { id }) =>
    id === plugin.id ? sendJson(response, 200, describePlugin(plugin, settings)) : sendJson(response, 404, UNKNOWN),
};

export const savePluginSettingsRoute: Route = {
  method: 'POST',
  path: PATH,
  handle: async ({ request, response, user, state: { plugin, settings } }, { id }) => {
    if (!user || !may(user, plugin, 'plugins:write')) {
      return sendError(response, 403, accessDenied('plugins:write'));
    }
    if (id !== plugin.id) {
      return sendJson(response, 404, UNKNOWN);
    }
    const sent = await readJson(request);
    if (typeof sent !== 'object' || sent === null) {
      return sendJson(response, 400, { message: 'bad request data' });
    }
    saveSettings(settings, sent);
    sendJson(response, 200, { message: 'Plugin settings updated' });
  },
};

/** The plugin with its settings, in Grafana's shape; of the secrets only which are set. */
function describePlugin(plugin: PluginJson, { enabled, pinned, jsonData, secureJsonData }: PluginSettings) {
  const { id, name, type, info } = plugin;
  const includes = (plugin.includes ?? []).map(describeInclude);
  const home = includes.find((include) => include.defaultNav);
  return {
    name,
    type,
    id,
    info,
    enabled,
    pinned,
    autoEnabled: false,
    module: `public/plugins/${id}/module.js`,
    baseUrl: `public/plugins/${id}`,
    includes,
    dependencies: dependenciesOf(plugin),
    extensions: extensionsOf(plugin),
    jsonData,
    secureJsonFields: Object.fromEntries(Object.keys(secureJsonData).map((key) => [key, true])),
    defaultNavUrl: home ? `/plugins/${id}/page/${home.slug}` : `/plugins/${id}/`,
    latestVersion: '',
    hasUpdate: false,
    state: '',
    signature: 'unsigned',
    signatureType: '',
    signatureOrg: '',
    angularDetected: false,
    loadingStrategy: 'script',
    ...translationsOf(plugin),
  };
}

/** Grafana fills in what plugin.json leaves out; a page without role and action gets the action to use the app. */
function describeInclude({ name, path = '', type, role, action, addToNav, defaultNav, icon }: PluginInclude) {
  return {
    name,
    path,
    type,
    component: '',
    role: role ?? 'Viewer',
    ...(action || !role ? { action: action ?? 'plugins.app:access' } : {}),
    addToNav: addToNav ?? false,
    defaultNav: defaultNav ?? false,
    slug: name.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
    icon: icon ?? '',
    uid: '',
  };
}
