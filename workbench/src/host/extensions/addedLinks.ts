/**
 * Links that the plugin adds to Grafana's menus, by the rules of Grafana 12.2: what it drops, what it does on a click,
 * and at which points a link without `onClick` does nothing.
 */
import type { AppPlugin, AppPluginMeta, IconName } from '@grafana/data';

export type LinkPoint =
  | 'grafana/commandpalette/action'
  | 'grafana/alerting/instance/action'
  | 'grafana/alerting/alertingrule/action'
  | 'grafana/dashboard/panel/menu';

/** How many links of one plugin a menu shows. */
const AT_MOST: Partial<Record<LinkPoint, number>> = {
  'grafana/alerting/instance/action': 3,
  'grafana/alerting/alertingrule/action': 3,
  'grafana/dashboard/panel/menu': 3,
};
/** Where Grafana calls `onClick` and nothing else. */
const ONLY_CLICKS: ReadonlySet<LinkPoint> = new Set([
  'grafana/commandpalette/action',
  'grafana/alerting/alertingrule/action',
]);

export interface ShownLink {
  title: string;
  description?: string;
  category?: string;
  icon?: IconName;
  /** Where a click leads; a link with `onClick` has none. */
  path?: string;
  /** What a click does; undefined where Grafana does nothing. */
  onClick?: () => void;
}

type Config = AppPlugin['addedLinkConfigs'][number];
type Declared = NonNullable<NonNullable<AppPluginMeta['extensions']>['addedLinks']>;

export interface LinksOf {
  pluginId: string;
  configs: readonly Config[];
  /** `extensions.addedLinks` of plugin.json. */
  declared: Declared;
  /** Told once of each link that Grafana refuses, and why. */
  onRefused: (why: string) => void;
}

/**
 * The links at one point, in the order in which the plugin added them.
 *
 * @param context what Grafana tells the plugin there; each link gets it frozen
 */
export function linksAt(point: LinkPoint, { pluginId, configs, declared, onRefused }: LinksOf, context?: object) {
  const shown: ShownLink[] = [];
  for (const config of configs) {
    if (![config.targets].flat().includes(point)) {
      continue;
    }
    const wrong = refusal(config, point, pluginId, declared);
    if (wrong !== undefined) {
      onRefused(`The link “${config.title}” at ${point} is refused: ${wrong}`);
      continue;
    }
    const link = shownLink(config, point, context === undefined ? undefined : Object.freeze({ ...context }));
    if (link) {
      shown.push(link);
    }
  }
  return shown.slice(0, AT_MOST[point]);
}

function refusal(config: Config, point: LinkPoint, pluginId: string, declared: Declared): string | undefined {
  if (!config.title || !config.description) {
    return 'it needs a title and a description';
  }
  if (config.path === undefined && config.onClick === undefined) {
    return 'it needs a path or an onClick';
  }
  if (config.path !== undefined && !`${config.path}/`.startsWith(`/a/${pluginId}/`)) {
    return `its path has to begin with /a/${pluginId}/`;
  }
  const inJson = declared.find(({ title }) => title === config.title);
  if (!inJson) {
    return 'plugin.json declares no link of this title in extensions.addedLinks, and the app is not loaded for it';
  }
  if (inJson.description !== config.description || ![inJson.targets].flat().includes(point)) {
    return 'plugin.json declares another description or target for it';
  }
  return undefined;
}

function shownLink(config: Config, point: LinkPoint, context: object | undefined): ShownLink | undefined {
  const overrides = config.configure ? config.configure(context as never) : {};
  if (!overrides) {
    return undefined;
  }
  const { title, description, category, icon, path, onClick } = { ...config, ...overrides };
  const onlyClicks = ONLY_CLICKS.has(point);
  return {
    title,
    description,
    category,
    icon: icon as IconName | undefined,
    path: onClick || onlyClicks ? undefined : path,
    onClick: onClick && (() => void onClick(undefined, { context, openModal: () => {} } as never)),
  };
}
