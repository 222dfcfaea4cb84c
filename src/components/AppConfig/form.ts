import type { Settings } from '../../grafana/settings';

/** The form as text; what is empty is not stored. */
export interface ConfigForm {
  readonly diagnosticsUrl: string;
  /** Undefined while the stored token is kept. */
  readonly token: string | undefined;
  readonly prometheusUid: string;
  readonly lokiUid: string;
  readonly refreshSeconds: string;
  readonly params: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export function formOf(settings: Settings, tokenStored: boolean): ConfigForm {
  return {
    diagnosticsUrl: settings.diagnosticsUrl ?? '',
    token: tokenStored ? undefined : '',
    prometheusUid: settings.prometheusUid ?? '',
    lokiUid: settings.lokiUid ?? '',
    refreshSeconds: settings.refreshSeconds === undefined ? '' : String(settings.refreshSeconds),
    params: settings.params ?? {},
  };
}

/** What keeps the form from being saved, by field. */
export function problemsOf(form: ConfigForm): { readonly url?: string; readonly refresh?: string } {
  const { diagnosticsUrl: url, refreshSeconds: refresh } = form;
  return {
    ...(url === '' || isHttpUrl(url) ? {} : { url: 'Give a whole address, such as http://diagnostics:8090' }),
    ...(refresh === '' || /^\d{1,5}$/.test(refresh) ? {} : { refresh: 'Give whole seconds; 0 = off' }),
  };
}

/** Without the estate, which has a home of its own. */
export function settingsOf(form: ConfigForm): Settings {
  const params = Object.fromEntries(
    Object.entries(form.params)
      .map(
        ([pack, values]) =>
          [pack, Object.fromEntries(Object.entries(values).filter(([, v]) => v.trim() !== ''))] as const
      )
      .filter(([, values]) => Object.keys(values).length > 0)
  );
  return {
    ...(form.diagnosticsUrl && { diagnosticsUrl: form.diagnosticsUrl.trim().replace(/\/+$/, '') }),
    ...(form.prometheusUid && { prometheusUid: form.prometheusUid }),
    ...(form.lokiUid && { lokiUid: form.lokiUid }),
    ...(form.refreshSeconds !== '' && { refreshSeconds: Number(form.refreshSeconds) }),
    ...(Object.keys(params).length > 0 && { params }),
  };
}

function isHttpUrl(text: string): boolean {
  try {
    return /^https?:$/.test(new URL(text.trim()).protocol);
  } catch {
    return false;
  }
}
