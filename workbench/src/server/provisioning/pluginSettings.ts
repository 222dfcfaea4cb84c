import type { PluginSettings } from '../plugin/settings';
import { provisioningFiles } from './files';

interface ProvisionedApp {
  type?: string;
  disabled?: boolean;
  jsonData?: Record<string, unknown>;
  secureJsonData?: Record<string, string>;
}

/** Reads the entry of the plugin in `plugins/*.yaml`; an app without one is enabled and has no settings. */
export function readPluginSettings(
  provisioning: string,
  pluginId: string,
  environment: NodeJS.ProcessEnv
): PluginSettings {
  const apps = provisioningFiles(provisioning, 'plugins', environment).flatMap(
    (document) => (document as { apps?: ProvisionedApp[] } | null)?.apps ?? []
  );
  const app = apps.find((each) => each.type === pluginId);
  const secrets = Object.entries(app?.secureJsonData ?? {}).filter(([, secret]) => secret !== '');
  return {
    enabled: !app?.disabled,
    pinned: true,
    jsonData: { ...app?.jsonData },
    secureJsonData: Object.fromEntries(secrets),
  };
}
