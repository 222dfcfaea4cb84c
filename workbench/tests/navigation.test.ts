/** Names and places of pages, by the rules of Grafana 12.2 (`applinks.go`, `buildPluginSectionNav`, `usePageTitle`). */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { appEntry, nodeAt, titleOf, trail, type Include } from '../src/host/chrome/navigation';

const viewer = { orgRole: 'Viewer', permissions: {} } as never;
const admin = { orgRole: 'Admin', permissions: { 'fixture.write': true } } as never;

const page = (name: string, more: Partial<Include> = {}) =>
  ({ type: 'page', name, path: `/a/fixture/${name.toLowerCase()}`, addToNav: true, ...more }) as Include;
const app = (...includes: Include[]) => ({ id: 'fixture', name: 'Fixture', enabled: true, includes });
const names = (entry: ReturnType<typeof appEntry>) => entry?.children?.map(({ text }) => text);
const crumbs = (meta: ReturnType<typeof app>, address: string) =>
  trail(nodeAt(appEntry(meta, viewer), address)).map(({ text }) => text);

describe('the entry of an app', () => {
  test('lists its pages, and leads to the root of the app', () => {
    const entry = appEntry(app(page('One'), page('Two')), viewer);
    expect([entry?.url, names(entry)]).toEqual(['/a/fixture', ['One', 'Two']]);
  });

  test('takes the address of a page with defaultNav, which is then no entry of its own', () => {
    const entry = appEntry(app(page('One', { defaultNav: true }), page('Two')), viewer);
    expect([entry?.url, names(entry)]).toEqual(['/a/fixture/one', ['Two']]);
  });

  test('leaves out what the role or the action does not allow, and what does not belong into the navigation', () => {
    const meta = app(
      page('One'),
      page('Admins', { role: 'Admin' }),
      page('Writers', { action: 'fixture.write', role: 'Viewer' }),
      page('Hidden', { addToNav: false })
    );
    expect(names(appEntry(meta, viewer))).toEqual(['One']);
    expect(names(appEntry(meta, admin))).toEqual(['One', 'Admins', 'Writers']);
  });

  test('is not there when no page is, or when the app is disabled', () => {
    expect(appEntry(app(page('Admins', { role: 'Admin' })), viewer)).toBeUndefined();
    expect(appEntry({ ...app(page('One')), enabled: false }, viewer)).toBeUndefined();
  });
});

describe('the name of a page', () => {
  const meta = app(page('One'), page('Two'));

  test('is that of the entry with the longest address that fits', () => {
    expect(crumbs(meta, '/a/fixture/one?x=1')).toEqual(['Home', 'More apps', 'Fixture', 'One']);
    expect(crumbs(meta, '/a/fixture/two/detail')).toEqual(['Home', 'More apps', 'Fixture', 'Two']);
    expect(crumbs(meta, '/a/fixture/else')).toEqual(['Home', 'More apps', 'Fixture']);
  });

  test('is that of the app where the page has defaultNav', () => {
    expect(crumbs(app(page('One', { defaultNav: true }), page('Two')), '/a/fixture/one')).toEqual([
      'Home',
      'More apps',
      'Fixture',
    ]);
  });

  test('is what the page says of itself, whose parent is not told twice', () => {
    const section = nodeAt(appEntry(meta, viewer), '/a/fixture/two/detail');
    const pageNav = { text: 'Detail', parentItem: { text: 'Two', url: '/a/fixture/two' } };
    expect(trail(pageNav, section).map(({ text }) => text)).toEqual(['Home', 'More apps', 'Fixture', 'Two', 'Detail']);
    expect(titleOf(section, pageNav)).toEqual(['Detail', 'Two', 'More apps']);
  });
});

test('every page of Live Runbooks has a name in the navigation, the breadcrumbs and the title', () => {
  const plugin = JSON.parse(readFileSync('src/plugin.json', 'utf8').replaceAll('%PLUGIN_ID%', 'app')) as {
    name: string;
    includes: Include[];
  };
  const meta = { id: 'app', name: plugin.name, enabled: true, includes: plugin.includes };
  const entry = appEntry(meta, { orgRole: 'Admin', permissions: {} } as never);
  expect(names(entry)).toEqual(['Triage', 'Runbooks', 'Configuration']);
  for (const { name, path = '' } of plugin.includes) {
    const node = nodeAt(entry, path);
    expect(trail(node).at(-1)?.text).toBe(name);
    expect(titleOf(node)[0]).toBe(name);
  }
});
