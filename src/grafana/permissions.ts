import { config } from '@grafana/runtime';
import { PLUGIN_ID } from '../constants';

/** Whether the signed-in person may read what the diagnostics service found. Grafana's proxy enforces it as well. */
export function mayReadDiagnostics(): boolean {
  return has(`${PLUGIN_ID}.diagnostics:read`);
}

/** Only admins may change the settings of a plugin; anybody may read them. */
export function mayConfigure(): boolean {
  const user = config.bootData?.user;
  return Boolean(user?.isGrafanaAdmin) || user?.orgRole === 'Admin';
}

function has(action: string): boolean {
  return Boolean(config.bootData?.user?.permissions?.[action]);
}
