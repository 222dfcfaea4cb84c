import type { WorkbenchState } from '../state';
import type { Theme } from '../users/choices';
import { permissionsOf } from '../users/permissions';
import type { User } from '../users/users';
import { frontendSettings } from './frontendSettings';

const BACKGROUND: Record<Theme, string> = { dark: '#111217', light: '#f4f5f5' };

/** The page around the host's bundle, with Grafana's boot data for this user. */
export function pageHtml(state: WorkbenchState, user: User, theme: Theme, origin: string): string {
  const bootData = {
    settings: frontendSettings(state, origin),
    user: bootUser(state, user, theme),
    navTree: [],
    assets: { dark: '', light: '' },
  };
  const workbench = { pluginId: state.plugin.id, demo: state.control !== undefined };
  return `<!doctype html>
<html lang="en" class="theme-${theme}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Workbench</title>
    <base href="/">
    <link rel="icon" href="/public/plugins/${state.plugin.id}/${state.plugin.info.logos?.small ?? ''}">
    <style>html, body { height: 100%; margin: 0; background: ${BACKGROUND[theme]} } #reactRoot { height: 100% } #workbench-error { padding: 32px; font: 14px monospace; color: #ff7383; white-space: pre-wrap }</style>
    <script>
      window.__grafana_public_path__ = '/public/';
      window.workbench = ${inScript(workbench)};
      window.grafanaBootData = ${inScript(bootData)};
    </script>
    <link rel="stylesheet" href="/out/main.css">
  </head>
  <body>
    <div id="reactRoot"></div>
    <script type="module" src="/out/main.js"></script>
  </body>
</html>
`;
}

function bootUser(state: WorkbenchState, user: User, theme: Theme) {
  const permissions = Object.keys(permissionsOf(user, state.plugin)).map((action) => [action, true]);
  return {
    id: user.id,
    uid: user.uid,
    isSignedIn: true,
    login: user.login,
    name: user.name,
    email: user.email,
    orgId: 1,
    orgName: 'Main Org.',
    orgRole: user.role,
    orgCount: 1,
    isGrafanaAdmin: user.role === 'Admin',
    theme,
    lightTheme: theme === 'light',
    timezone: 'browser',
    weekStart: 'browser',
    language: 'en-US',
    locale: 'en-US',
    regionalFormat: 'en-US',
    permissions: Object.fromEntries(permissions),
  };
}

/** JSON inside a script element: `<` is escaped, so no value can end the element. */
const inScript = (value: unknown) => JSON.stringify(value).replaceAll('<', '\\u003c');
