import { initPluginTranslations } from '@grafana/i18n';
import { loadResources } from '@grafana/scenes';
import { PLUGIN_ID } from '../constants';

let ready: Promise<void> | undefined;

/** Scenes is bundled with the plugin, so its own texts have to be ready before its first object is made. */
export function translated(): Promise<void> {
  ready ??= initPluginTranslations(PLUGIN_ID, [loadResources]).then(
    () => undefined,
    // Without translations Scenes speaks English.
    () => undefined
  );
  return ready;
}
