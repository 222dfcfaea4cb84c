import { PLUGIN_BASE_URL, PLUGIN_ID, ROUTES } from '../constants';
import { changePageUrl, type PageUrl } from './pageUrl';

/** Path and search of a page inside Grafana, without the sub path that Grafana itself may be served under. */
export function triageUrl(state: Partial<PageUrl> = {}): string {
  return withSearch(`${PLUGIN_BASE_URL}/${ROUTES.triage}`, state);
}

export function runbooksUrl(): string {
  return `${PLUGIN_BASE_URL}/${ROUTES.runbooks}`;
}

/** `cause` opens that cause on the page. */
export function runbookUrl(pack: string, runbook: string, state: Partial<PageUrl> = {}, cause?: string): string {
  const path = `${PLUGIN_BASE_URL}/${ROUTES.runbooks}/${encodeURIComponent(pack)}/${encodeURIComponent(runbook)}`;
  return withSearch(path, state) + (cause ? `#${encodeURIComponent(cause)}` : '');
}

export function configurationUrl(): string {
  return `/plugins/${PLUGIN_ID}?page=configuration`;
}

/** The runbook that an alert's `runbook_url` names, absolute or relative, whatever sub path Grafana has. */
export function readRunbookUrl(
  url: string | undefined
): { pack: string; runbook: string; search: URLSearchParams } | undefined {
  if (!url) {
    return undefined;
  }
  try {
    const { pathname, searchParams } = new URL(url, 'http://grafana.invalid');
    const found = new RegExp(`/a/${PLUGIN_ID}/${ROUTES.runbooks}/([^/]+)/([^/]+)/?$`).exec(pathname);
    return found?.[1] && found[2]
      ? { pack: decodeURIComponent(found[1]), runbook: decodeURIComponent(found[2]), search: searchParams }
      : undefined;
  } catch {
    // Not an address, or badly encoded: somebody else's text.
    return undefined;
  }
}

function withSearch(path: string, state: Partial<PageUrl>): string {
  const search = changePageUrl(new URLSearchParams(), state).toString();
  return search ? `${path}?${search}` : path;
}
