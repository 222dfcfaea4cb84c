import { lastValueFrom } from 'rxjs';
import { getBackendSrv } from '@grafana/runtime';
import { PLUGIN_ID } from '../constants';
import type { Settings } from './settings';

/**
 * Grafana hands the app the settings that it read when the browser loaded it. What was saved since then is kept here, so
 * that the pages use it without a reload.
 */
let saved: Settings | undefined;

export function currentSettings(loaded: Settings): Settings {
  return saved ?? loaded;
}

export interface Save {
  readonly settings: Settings;
  /** Left out, the token that was stored before stays. */
  readonly token?: string;
  readonly enabled: boolean;
  readonly pinned: boolean;
}

/** Stores the settings; rejects with Grafana's error when it refuses. */
export async function saveSettings({ settings, token, enabled, pinned }: Save): Promise<void> {
  await lastValueFrom(
    getBackendSrv().fetch({
      url: `/api/plugins/${PLUGIN_ID}/settings`,
      method: 'POST',
      data: {
        enabled,
        pinned,
        jsonData: settings,
        ...(token === undefined ? {} : { secureJsonData: { diagnosticsToken: token } }),
      },
      showErrorAlert: false,
      showSuccessAlert: false,
    })
  );
  saved = settings;
}
