import { config } from '@grafana/runtime';

/** Only admins may change the settings of a plugin; anybody may read them. */
export function mayConfigure(): boolean {
  const user = config.bootData?.user;
  return Boolean(user?.isGrafanaAdmin) || user?.orgRole === 'Admin';
}
