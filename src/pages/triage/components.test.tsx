import React from 'react';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { testIds } from '../../components/testIds';
import { homeOf } from '../../estate/home';
import type { Settings } from '../../grafana/settings';
import { DATABASE_KIND, isDiscovery, seriesOf, WEB_KIND } from '../../testing/kinds';
import { failure, fakeSources, healthy, NOW, SENT_FOR_A_LOOK, type Answers } from '../../testing/readings';
import { renderPage } from '../../testing/renderPage';
import { Triage } from './Triage';

/** Two services and a database, where the answers say that `failing` fails, and by its version or not. */
const estate =
  (
    now: { failing?: Readonly<Record<string, number>>; versions?: Readonly<Record<string, number>>; up?: number } = {}
  ): Answers =>
  (query) => {
    const { expr } = query;
    if (expr.includes('http_requests_total')) {
      return seriesOf('job', { web: 1, cart: 1 });
    }
    if (expr === 'group by (server) (db_up)') {
      return seriesOf('server', { 'db-1': 1 });
    }
    if (isDiscovery(query)) {
      return { kind: 'samples', samples: [], askedAt: NOW, tookMs: 1 };
    }
    if (expr.includes('failed{')) {
      return seriesOf('job', { web: 0, cart: 0, ...now.failing });
    }
    if (expr.includes('version{')) {
      return seriesOf('job', { web: 0, cart: 0, ...now.versions });
    }
    return expr.includes('db_up{') ? seriesOf('server', { 'db-1': now.up ?? 1 }) : healthy(query);
  };

const kinds = [WEB_KIND, DATABASE_KIND];
const base: Settings = { prometheusUid: 'prometheus', lokiUid: 'loki', refreshSeconds: 0 };

function open(answers: Answers, given: { settings?: Settings['estate']; url?: string; rounds?: Given['rounds'] } = {}) {
  const sources = fakeSources({ answers, ...(given.rounds ? { rounds: given.rounds } : {}) });
  const settings = { ...base, ...(given.settings ? { estate: given.settings } : {}) };
  renderPage(<Triage />, { sources, kinds, settings, ...(given.url ? { url: given.url } : {}) });
  return sources;
}
type Given = Parameters<typeof fakeSources>[0];

const settled = () =>
  waitFor(() => expect(screen.getByTestId(testIds.triage.footer)).toHaveAttribute('data-done', 'true'));
const components = () => screen.getByTestId(testIds.triage.components);
const row = (id: string) => components().querySelector<HTMLElement>(`[data-component="${id}"]`);
const suspects = () => screen.queryAllByTestId(testIds.triage.suspect);

describe('components on Triage', () => {
  it('are evaluated without a line of configuration, and say what they are and that nobody adopted them', async () => {
    open(estate());
    await settled();
    expect(components()).toHaveTextContent('3 components · 3 not adopted');
    expect(components()).toHaveTextContent('3 components without a symptom');
    expect(row('web')).toHaveTextContent('web');
    expect(row('web')).toHaveTextContent('Web service (client_golang) · not adopted');
    expect(row('web')).toHaveAttribute('data-state', 'healthy');
    // The list of runbooks is that of the packs, and counts what it shows.
    const list = screen.getByTestId(testIds.triage.runbooks);
    const shown = list.querySelectorAll('[data-state="healthy"]').length;
    expect(list).toHaveTextContent(`0 with a problem · ${shown} without a symptom`);
  });

  it('in trouble are suspects with their component, and lead to a runbook of their own', async () => {
    open(estate({ failing: { web: 1 }, versions: { web: 1 } }));
    await settled();
    expect(screen.getByTestId(testIds.verdict.word)).toHaveTextContent('Likely');
    expect(screen.getByTestId(testIds.verdict.component)).toHaveTextContent(
      'web · Web service (client_golang) · not adopted'
    );
    expect(screen.getByTestId(testIds.verdict.open)).toHaveAttribute(
      'href',
      expect.stringContaining('/runbooks/web/web-errors#version')
    );
    expect(suspects()[0]).toHaveTextContent('web · Web service (client_golang) · not adopted');
    expect(row('web')).toHaveAttribute('data-state', 'problem');
    expect(row('cart')).toHaveAttribute('data-state', 'healthy');
  });

  it('explain what depends on them: both are named', async () => {
    const settings = { components: { web: { adopt: true, title: 'Shop', dependsOn: ['db-1'] } } };
    open(estate({ failing: { web: 1 }, versions: { web: 0 }, up: 0 }), { settings });
    await settled();
    const [first] = suspects();
    expect(first).toHaveTextContent('It is stopped');
    expect(first).toHaveTextContent('db-1 · Database (Exporter) · not adopted');
    expect(first).toHaveTextContent('Explains: Shop: Requests fail');
    expect(row('web')).toHaveTextContent('Web service (client_golang) · depends on db-1');
    expect(row('web')).toHaveAttribute('data-adopted', 'true');
  });

  it('that are hidden are neither shown nor asked about', async () => {
    const sources = open(estate(), { settings: { components: { cart: { hide: true } } } });
    await settled();
    expect(row('cart')).toBeNull();
    expect(sources.evaluated.at(-1)?.plan.queries.every(({ expr }) => !expr.includes('cart'))).toBe(true);
  });

  it('that cannot be found out are said, and nothing is called fine meanwhile', async () => {
    open((query) =>
      isDiscovery(query) ? failure('timeout', 'no answer within 10 s', 'Check that it runs') : healthy(query)
    );
    await settled();
    expect(components()).toHaveTextContent(
      'Not known: which components there are. no answer within 10 s. Check that it runs'
    );
    expect(components()).not.toHaveTextContent('no component was found');
    expect(screen.getByTestId(testIds.verdict.word)).not.toHaveTextContent(/^Nothing wrong$/);
  });

  it('of which nobody knows whose they are say why as of now: that the service is gone is newer than its refusal', async () => {
    const of401 = { reason: 'no-permission', detail: 'HTTP 401: wrong token', mend: 'Set the token.' } as const;
    const gone = { reason: 'query-error', detail: 'HTTP 502', mend: 'Start the service.' } as const;
    const sources = fakeSources({
      answers: estate(),
      rounds: [],
      unreadRounds: [{ what: 'the diagnostics service', ...gone }],
    });
    const home = homeOf(undefined, { failure: of401 });
    renderPage(<Triage />, { sources, kinds, settings: base, home });
    await settled();
    expect(components()).toHaveTextContent('Not known: which components are yours. HTTP 502. Start the service.');
    expect(screen.getByTestId(testIds.triage.page)).not.toHaveTextContent('HTTP 401');
  });

  it('that are not there are said not to be there', async () => {
    open((query) => (isDiscovery(query) ? seriesOf('job', {}) : healthy(query)));
    await settled();
    expect(components()).toHaveTextContent('Beside the packs no component was found.');
  });

  it('are asked together with the packs, and one request more is counted', async () => {
    const sources = open(estate());
    await settled();
    expect(sources.evaluated).toHaveLength(2);
    expect(sources.evaluated[0]?.plan.queries.every(isDiscovery)).toBe(true);
    expect(screen.getByTestId(testIds.triage.footer)).toHaveTextContent(`${2 * SENT_FOR_A_LOOK} requests`);
  });

  it('known by the service alone are asked when its rounds name them, and nothing else is asked again', async () => {
    const rounds = [{ target: 'orders', kind: 'postgres', title: 'Orders', checks: [] }];
    const sources = open(
      (query) => (query.expr === 'group by (server) (db_up)' ? seriesOf('server', {}) : estate()(query)),
      {
        rounds,
      }
    );
    await waitFor(() => expect(row('orders')).not.toBeNull());
    await settled();
    expect(sources.evaluated).toHaveLength(3);
    expect(sources.evaluated[2]?.plan.queries.map(({ target }) => target)).toEqual(['orders']);
    expect(row('orders')).toHaveTextContent('Orders');
    expect(row('orders')).toHaveTextContent('Database (diagnostics service)');
  });

  it('are left out where one pack is looked at', async () => {
    const sources = open(estate({ failing: { web: 1 }, versions: { web: 1 } }), { url: '/?pack=shop' });
    await settled();
    expect(screen.queryByTestId(testIds.triage.components)).toBeNull();
    expect(suspects()).toEqual([]);
    expect(sources.evaluated.at(-1)?.plan.queries.some(({ expr }) => expr.includes('version{'))).toBe(false);
  });

  it('alone are looked at where they are chosen', async () => {
    const sources = open(estate(), { url: '/?pack=_components' });
    await settled();
    expect(within(components()).getByText('cart')).toBeInTheDocument();
    expect(sources.evaluated.at(-1)?.plan.queries.map(({ source }) => source)).not.toContain('loki');
  });

  it('of the past are judged as of then', async () => {
    const at = NOW - 3_600_000;
    const sources = open(estate({ failing: { web: 1 }, versions: { web: 1 } }), { url: `/?at=${at}` });
    await settled();
    expect(sources.evaluated.map((each) => each.at)).toEqual([undefined, at]);
    expect(row('web')).toHaveAttribute('data-state', 'problem');
  });
});
