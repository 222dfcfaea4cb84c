/** Settings of the server, read again only when one of them may have another value. */
import type { Ask } from './ask';
import { decodeText, rawText } from './texts';

export interface Setting {
  readonly value: string;
  readonly unit: string | null;
  readonly pendingRestart: boolean;
}

export type Settings = ReadonlyMap<string, Setting>;

/** Errors: those of `askRaw`. */
export async function readSettings(askRaw: Ask): Promise<Settings> {
  const rows = await askRaw(
    `SELECT name, ${rawText('setting')} AS setting, unit, pending_restart FROM pg_show_all_settings()`
  );
  return new Map(
    rows.map((row) => [
      String(row.name),
      {
        value: decodeText(row.setting, undefined),
        unit: typeof row.unit === 'string' ? row.unit : null,
        pendingRestart: row.pending_restart === true,
      },
    ])
  );
}

/**
 * Of one session: what is set for a role or a database holds for sessions that begin later, and this one changes nothing.
 * So a value is another only after a restart, a reload, or another right to see it.
 */
export class KeptSettings {
  private kept: { readonly as: string; readonly settings: Settings } | undefined;

  /** `as`: everything that has to be as it was. Errors: those of `read`. */
  async of(as: string, read: () => Promise<Settings>): Promise<Settings> {
    if (this.kept?.as !== as) {
      this.kept = undefined;
      this.kept = { as, settings: await read() };
    }
    return this.kept.settings;
  }
}
