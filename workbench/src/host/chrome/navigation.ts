/** The navigation as Grafana 12.2 builds it out of plugin.json, and what it calls a page because of it. */
import type { AppPluginMeta, CurrentUserDTO, NavModelItem } from '@grafana/data';

export type Include = NonNullable<AppPluginMeta['includes']>[number] & { action?: string; defaultNav?: boolean };
type Meta = Pick<AppPluginMeta, 'id' | 'name' | 'enabled'> & { includes?: Include[] | AppPluginMeta['includes'] };
type Viewer = Pick<CurrentUserDTO, 'orgRole' | 'permissions'>;

export const HOME: NavModelItem = { text: 'Home', url: '/', icon: 'home-alt' };
export const ALERTS: NavModelItem = { text: 'Alert rules', url: '/alerting/list', icon: 'bell' };
/** The section that Grafana puts apps into. */
const APPS: NavModelItem = { text: 'More apps', url: '/apps', icon: 'layer-group', parentItem: HOME };

const RANK: Record<string, number> = { Viewer: 1, Editor: 2, Admin: 3 };

/** Whether Grafana shows a page of the plugin to the user: by the include's action if it has one, else by its role. */
export function mayOpen(include: Include, user: Viewer): boolean {
  if (include.action) {
    return user.permissions?.[include.action] === true;
  }
  return (RANK[user.orgRole] ?? 0) >= (RANK[include.role ?? 'Viewer'] ?? 0);
}

/**
 * The app's entry with the pages that the user may open, in the order of plugin.json. A page with `defaultNav` gives the
 * entry its address and is no entry of its own, so Grafana has no name for it. Undefined when there is nothing to show.
 */
export function appEntry(meta: Meta, user: Viewer): NavModelItem | undefined {
  const pages = includesOf(meta).filter((each) => each.type === 'page' && each.addToNav && mayOpen(each, user));
  if (meta.enabled === false || pages.length === 0) {
    return undefined;
  }
  const home = pages.filter((page) => page.defaultNav && page.path).at(-1);
  const entry: NavModelItem = { text: meta.name, url: home?.path ?? `/a/${meta.id}`, parentItem: APPS };
  entry.children = pages
    .map((page): NavModelItem => ({
      text: page.name,
      url: page.path || `/plugins/${meta.id}/page/${slugOf(page.name)}`,
      icon: (page.icon as never) || undefined,
      parentItem: entry,
    }))
    .filter((page) => page.url !== entry.url);
  return entry;
}

/**
 * The entry that Grafana takes an address to be: the one with the longest address that the address begins with. Where
 * none fits, the section of apps.
 */
export function nodeAt(entry: NavModelItem | undefined, address: string): NavModelItem {
  const fitting = [...(entry?.children ?? []), ...(entry ? [entry] : [])].filter((node) =>
    address.startsWith(node.url ?? '')
  );
  return fitting.reduce<NavModelItem | undefined>(longer, undefined) ?? (entry ? APPS : HOME);
}

function longer(best: NavModelItem | undefined, node: NavModelItem): NavModelItem {
  return best && (best.url?.length ?? 0) >= (node.url?.length ?? 0) ? best : node;
}

/**
 * The breadcrumbs of a page: those that it brings itself, then where it lies. As in Grafana a node that repeats the
 * address of the one below it is left out, so the text that the page gives itself wins.
 */
export function trail(...chains: Array<NavModelItem | undefined>): NavModelItem[] {
  const crumbs: NavModelItem[] = [];
  for (const start of chains) {
    for (let node = start; node; node = node.parentItem) {
      const path = node.url?.split('?')[0];
      if (path === HOME.url) {
        continue;
      }
      if (!crumbs[0] || path === undefined || crumbs[0].url?.split('?')[0] !== path) {
        crumbs.unshift(node);
      }
    }
  }
  return [HOME, ...crumbs];
}

/** The parts of the browser tab's title, in Grafana's order: the page's own, its entry, its section. */
export function titleOf(section: NavModelItem, pageNav?: NavModelItem): string[] {
  let root = section;
  while (root.parentItem && root.parentItem !== HOME) {
    root = root.parentItem;
  }
  const activeTab = pageNav?.children?.find((tab) => tab.active)?.text;
  return [activeTab, pageNav?.text, section === root ? undefined : section.text, root.text].filter(
    (part): part is string => Boolean(part)
  );
}

/** Where the workbench opens the plugin, which Grafana's home does not: its first page. */
export function firstPage(meta: Meta): string {
  const pages = includesOf(meta).filter((include) => include.type === 'page');
  return (pages.find((include) => include.defaultNav) ?? pages[0])?.path ?? `/a/${meta.id}`;
}

/** The include that guards exactly this path; Grafana guards nothing below it. */
export function includeAt(meta: Meta, pathname: string): Include | undefined {
  return includesOf(meta).find((include) => include.path === pathname);
}

const slugOf = (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
const includesOf = (meta: Meta): Include[] => (meta.includes ?? []) as Include[];
