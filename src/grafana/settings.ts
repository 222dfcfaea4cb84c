import type { EstateSettings } from '@live-runbooks/engine';

/** What an admin configures: `jsonData` of the plugin's settings. The token is secret and never read back. */
export interface Settings {
  readonly diagnosticsUrl?: string;
  readonly prometheusUid?: string;
  readonly lokiUid?: string;
  /** Values of parameters, by pack and name. They yield to the URL and to an alert's labels. */
  readonly params?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What was said of the components that were found. */
  readonly estate?: EstateSettings;
  /** How often pages ask again unless the URL says otherwise. Seconds; 0 is never. */
  readonly refreshSeconds?: number;
}

export const DEFAULT_REFRESH_SECONDS = 10;
