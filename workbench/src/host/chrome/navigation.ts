import type { AppPluginMeta, CurrentUserDTO, NavModelItem } from '@grafana/data';
import { config } from '@grafana/runtime';

type Include = NonNullable<AppPluginMeta['includes']>[number] & { action?: string; defaultNav?: boolean };

export const HOME: NavModelItem = { text: 'Home', url: '/', icon: 'home-alt' };
export const ALERTS: NavModelItem = { text: 'Alert rules', url: '/alerting/list', icon: 'bell' };

const RANK: Record<string, number> = { Viewer: 1, Editor: 2, Admin: 3 };

/** Whether Grafana shows a page of the plugin to the user: by the include's action if it has one, else by its role. */
function mayOpen(include: Include, user: Pick<CurrentUserDTO, 'orgRole' | 'permissions'>): boolean {
  if (include.action) {
    return user.permissions?.[include.action] === true;
  }
  return (RANK[user.orgRole] ?? 0) >= (RANK[include.role ?? 'Viewer'] ?? 0);
}

/** The plugin's pages that belong into the navigation, in the order of plugin.json. */
export function pluginPages(meta: AppPluginMeta): NavModelItem[] {
  const { user } = config.bootData;
  return includesOf(meta)
    .filter((include) => include.addToNav && include.type === 'page' && mayOpen(include, user as never))
    .map((include) => ({ text: include.name, url: include.path ?? '', icon: (include.icon as never) || undefined }));
}

/** Where `/a/<id>` leads: the include with `defaultNav`, else the first page. */
export function defaultPage(meta: AppPluginMeta): string {
  const pages = includesOf(meta).filter((include) => include.type === 'page');
  return (pages.find((include) => include.defaultNav) ?? pages[0])?.path ?? `/a/${meta.id}`;
}

/** The page of the navigation that a path lies under: the longest that fits. */
export function pageAt(pages: NavModelItem[], pathname: string): NavModelItem | undefined {
  return pages
    .filter(({ url = '' }) => url !== '' && (pathname === url || pathname.startsWith(`${url}/`)))
    .sort((a, b) => (b.url?.length ?? 0) - (a.url?.length ?? 0))[0];
}

/**
 * The trail from Home to a page. As in Grafana a node that repeats the path of the one below it is left out, so the
 * text that the page gives itself wins over the text of the navigation.
 */
export function trail(...chains: Array<NavModelItem | undefined>): NavModelItem[] {
  const crumbs: NavModelItem[] = [];
  for (const start of chains) {
    for (let node = start; node; node = node.parentItem) {
      const path = node.url?.split('?')[0];
      if (!crumbs[0] || path === undefined || crumbs[0].url?.split('?')[0] !== path) {
        crumbs.unshift(node);
      }
    }
  }
  return [HOME, ...crumbs];
}

const includesOf = (meta: AppPluginMeta): Include[] => meta.includes ?? [];
