/** The settings of the one plugin: what provisioning gave, then what Admins save. Secrets are kept and never answered. */
export interface PluginSettings {
  enabled: boolean;
  pinned: boolean;
  jsonData: Record<string, unknown>;
  secureJsonData: Record<string, string>;
}

/** Saves as Grafana does: `jsonData` is replaced if it is sent; secrets that are not sent are kept. */
export function saveSettings(settings: PluginSettings, sent: Partial<PluginSettings>): void {
  settings.enabled = sent.enabled ?? false;
  settings.pinned = sent.pinned ?? false;
  if (sent.jsonData) {
    settings.jsonData = sent.jsonData;
  }
  Object.assign(settings.secureJsonData, sent.secureJsonData);
}
