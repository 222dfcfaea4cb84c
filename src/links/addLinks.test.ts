import { AppPlugin } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { beforeEach, describe, expect, it } from 'vitest';
import pluginJson from '../plugin.json';
import type { Settings } from '../grafana/settings';
import { addLinks } from './addLinks';

const added = addLinks(new AppPlugin<Settings>()).addedLinkConfigs;
const at = () => locationService.getLocation();
/** Clicks a link as Grafana does. */
function click(title: string, context?: unknown) {
  const link = added.find((l) => l.title === title);
  link?.onClick?.(undefined, { context } as never);
}

beforeEach(() => locationService.push('/'));

describe('the links in Grafana’s menus', () => {
  it('are declared in plugin.json word for word, else Grafana drops them', () => {
    const declared = pluginJson.extensions.addedLinks;
    expect(added.map((l) => ({ title: l.title, description: l.description, targets: [l.targets].flat() }))).toEqual(
      declared.map(({ title, description, targets }) => ({ title, description, targets }))
    );
    expect(declared.every((l) => l.title.length >= 10)).toBe(true);
  });

  it('open Triage at the end of a panel’s range, with the dashboard’s variables', () => {
    locationService.push('/d/x?var-window=1m&from=now-3h');
    const to = new Date(Date.now() - 3_600_000).toISOString();
    click('Why? Open Triage', { timeRange: { to } });
    expect(at().pathname).toMatch(/\/triage$/);
    expect(new URLSearchParams(at().search).get('at')).toBe(String(Date.parse(to)));
    expect(new URLSearchParams(at().search).get('var-window')).toBe('1m');
  });

  it.each(['now', 'now-10s', 'now/d', 'nonsense', undefined])('open Triage now when a panel ends at %s', (to) => {
    click('Why? Open Triage', { timeRange: { from: 'now-1h', to } });
    expect(new URLSearchParams(at().search).has('at')).toBe(false);
  });

  it('open the runbook that an alert names, else Triage', () => {
    const runbook_url = 'https://g.example/a/liverunbooks-troubleshooting-app/runbooks/gorax/locks?var-a=1';
    click('Open the live runbook', { instance: { annotations: { runbook_url } } });
    expect(at().pathname + at().search).toMatch(/\/runbooks\/gorax\/locks\?var-a=1$/);
    click('Open the live runbook', { instance: { annotations: {} } });
    expect(at().pathname).toMatch(/\/triage$/);
  });
});
