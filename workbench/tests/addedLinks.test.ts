/** Which links of a plugin Grafana 12.2 shows, and what a click on them does. */
import type { AppPlugin } from '@grafana/data';
import { describe, expect, test } from 'vitest';
import { linksAt, type LinkPoint, type LinksOf } from '../src/host/extensions/addedLinks';

const PALETTE = 'grafana/commandpalette/action';
const INSTANCE = 'grafana/alerting/instance/action';
const PANEL = 'grafana/dashboard/panel/menu';

type Config = AppPlugin['addedLinkConfigs'][number];
const link = (more: Partial<Config> = {}): Config =>
  ({ title: 'Open the app', description: 'Opens it', targets: INSTANCE, path: '/a/app/page', ...more }) as Config;

function at(point: LinkPoint, configs: Config[], declared?: LinksOf['declared'], context?: object) {
  const refused: string[] = [];
  const inJson = configs.map(({ title, description, targets }) => ({ title, description, targets: [targets].flat() }));
  const onRefused = (why: string) => void refused.push(why);
  const links = linksAt(point, { pluginId: 'app', configs, declared: declared ?? inJson, onRefused }, context);
  return { links, titles: links.map(({ title }) => title), refused };
}

describe('is refused', () => {
  test.each<[string, Partial<Config>, RegExp]>([
    ['without a description', { description: '' }, /a title and a description/],
    ['without a path and an onClick', { path: undefined }, /a path or an onClick/],
    ['with a path of somebody else', { path: '/a/other/page' }, /has to begin with \/a\/app\//],
    ['with a path that only looks alike', { path: '/a/application' }, /has to begin with \/a\/app\//],
  ])('%s', (_name, change, why) => {
    const { titles, refused } = at(INSTANCE, [link(change)]);
    expect([titles, refused[0]]).toEqual([[], expect.stringMatching(why)]);
  });

  test.each<[string, LinksOf['declared']]>([
    ['nothing', []],
    ['another title', [{ title: 'Other', description: 'Opens it', targets: [INSTANCE] }]],
    ['another description', [{ title: 'Open the app', description: 'Other', targets: [INSTANCE] }]],
    ['another target', [{ title: 'Open the app', description: 'Opens it', targets: [PANEL] }]],
  ])('when plugin.json declares %s', (_name, declared) => {
    const { titles, refused } = at(INSTANCE, [link()], declared);
    expect([titles, refused.length]).toEqual([[], 1]);
  });
});

describe('a click', () => {
  test('calls onClick with the context of the menu, and wins over the path', () => {
    const clicked: unknown[] = [];
    const onClick: Config['onClick'] = (_event, helpers) => void clicked.push(helpers.context);
    const { links } = at(INSTANCE, [link({ onClick })], undefined, { instance: { labels: { a: '1' } } });
    links[0]?.onClick?.();
    expect([clicked, links[0]?.path]).toEqual([[{ instance: { labels: { a: '1' } } }], undefined]);
  });

  test('leads to the path in the menus of panels and instances, and nowhere in the palette and on rules', () => {
    const everywhere = [PALETTE, INSTANCE, PANEL, 'grafana/alerting/alertingrule/action'] as const;
    const config = link({ targets: [...everywhere] });
    const paths = everywhere.map((point) => at(point, [config]).links[0]?.path);
    expect(paths).toEqual([undefined, '/a/app/page', '/a/app/page', undefined]);
  });
});

describe('a menu', () => {
  test('shows three links of a plugin; the palette shows all', () => {
    const five = [1, 2, 3, 4, 5].map((n) => link({ title: `Link ${n}`, targets: [PALETTE, PANEL] }));
    expect([at(PANEL, five).titles.length, at(PALETTE, five).titles.length]).toEqual([3, 5]);
  });

  test('leaves out what the plugin hides there, and takes its changes', () => {
    const hidden = link({ title: 'Hidden', configure: () => undefined });
    const renamed = link({ title: 'Plain', configure: () => ({ title: 'For this alert' }) });
    expect(at(INSTANCE, [hidden, renamed]).titles).toEqual(['For this alert']);
  });

  test('shows only what is meant for it', () => {
    expect(at(PANEL, [link()]).titles).toEqual([]);
  });
});
