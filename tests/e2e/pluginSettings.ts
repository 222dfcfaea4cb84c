import { PLUGIN_ID } from '../../src/constants';
import type { Settings } from '../../src/grafana/settings';

interface Stored {
  readonly enabled: boolean;
  readonly pinned: boolean;
  readonly jsonData: Settings;
}

/** The plugin's settings, changed for a while through Grafana's own route, as an admin. */
export class PluginSettings {
  private before: Stored | undefined;

  /** Errors: Grafana refused, with what it said. */
  async change(part: Partial<Settings>): Promise<void> {
    const now = await read();
    this.before ??= now;
    await write({ ...now, jsonData: { ...now.jsonData, ...part } });
  }

  /** As they were before the first change. */
  async restore(): Promise<void> {
    if (this.before) {
      await write(this.before);
      this.before = undefined;
    }
  }
}

const address = () => `${process.env.ESTATE_WORKBENCH_URL}/api/plugins/${PLUGIN_ID}/settings`;

async function read(): Promise<Stored> {
  const { enabled, pinned, jsonData } = (await (await fetch(address())).json()) as Stored;
  return { enabled, pinned, jsonData };
}

async function write(stored: Stored): Promise<void> {
  const response = await fetch(address(), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(stored),
  });
  if (!response.ok) {
    throw new Error(`the plugin's settings were not saved: ${response.status} ${await response.text()}`);
  }
}
