import type { Page } from '@playwright/test';

/** What a page said and asked while it was looked at. */
export interface Heard {
  /** Uncaught errors, and what was written to the console as an error, without the failed requests. */
  readonly errors: readonly string[];
  /** `404 /path` of each answer that is no success. */
  readonly refusals: readonly string[];
  /** Hosts that were asked. */
  readonly hosts: ReadonlySet<string>;
  /** Names of the plugin's scripts, in the order in which they were asked for. */
  readonly scripts: readonly string[];
}

/** Listens to a page from now on. */
export function listenTo(page: Page): Heard {
  const errors: string[] = [];
  const refusals: string[] = [];
  const hosts = new Set<string>();
  const scripts: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    // Chromium writes down each refused request too; those are compared by address.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      errors.push(message.text());
    }
  });
  page.on('response', (response) => {
    if (response.status() >= 400) {
      refusals.push(`${response.status()} ${new URL(response.url()).pathname}`);
    }
  });
  page.on('request', (request) => {
    const { protocol, hostname, pathname } = new URL(request.url());
    if (protocol !== 'data:' && protocol !== 'blob:') {
      hosts.add(hostname);
    }
    const script = /\/public\/plugins\/[^/]+\/([^/]+\.js)$/.exec(pathname);
    if (script?.[1]) {
      scripts.push(script[1]);
    }
  });
  return { errors, refusals, hosts, scripts };
}
