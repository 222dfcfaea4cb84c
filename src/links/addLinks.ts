/**
 * Entries that the plugin adds to Grafana's own menus. Titles and targets have to equal those in plugin.json, else
 * Grafana drops them. They act through `onClick`: a link with only a `path` does nothing in the command palette.
 */
import type { AppPlugin } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import type { Settings } from '../grafana/settings';
import { readRunbookUrl, runbookUrl, triageUrl } from '../url/links';
import { readRangeEnd } from '../url/moment';
import { readParams } from '../url/pageUrl';

interface PanelContext {
  readonly timeRange?: { readonly from?: unknown; readonly to?: unknown };
  readonly timeZone?: string;
}
interface AlertContext {
  readonly instance?: {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

export function addLinks(plugin: AppPlugin<Settings>): AppPlugin<Settings> {
  return plugin
    .addLink({
      targets: 'grafana/commandpalette/action',
      title: 'Triage: what is wrong now',
      description: 'Rank the likely causes of what is wrong right now',
      category: 'Live Runbooks',
      onClick: () => locationService.push(triageUrl()),
    })
    .addLink<PanelContext>({
      targets: 'grafana/dashboard/panel/menu',
      title: 'Why? Open Triage',
      description: "Rank the likely causes at the end of this panel's time range",
      icon: 'heart-rate',
      onClick: (_event, { context }) => locationService.push(triageUrl({ at: endOf(context), params: urlParams() })),
    })
    .addLink<AlertContext>({
      targets: 'grafana/alerting/instance/action',
      title: 'Open the live runbook',
      description: 'Open the live runbook of this alert, with its labels as parameters',
      icon: 'book-open',
      onClick: (_event, { context }) => locationService.push(alertUrl(context?.instance?.annotations?.runbook_url)),
    });
}

/** The end of the panel's range, in ms; undefined is now. */
function endOf(context: PanelContext | undefined): number | undefined {
  const end = readRangeEnd(context?.timeRange?.to, Date.now(), context?.timeZone);
  return typeof end === 'number' ? end : undefined;
}

/** The runbook that the alert names; without one, Triage lists the alert with the runbooks that match it. */
function alertUrl(annotation: string | undefined): string {
  const named = readRunbookUrl(annotation);
  return named ? runbookUrl(named.pack, named.runbook, { params: readParams(named.search) }) : triageUrl();
}

/** The menu does not tell the dashboard's variables; its URL does. */
function urlParams(): Readonly<Record<string, string>> {
  return readParams(new URLSearchParams(locationService.getLocation().search));
}
