import React from 'react';
import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { EstateSettings } from '@live-runbooks/engine';
import { testIds } from '../../components/testIds';
import { DATABASE_KIND, isDiscovery, seriesOf, WEB_KIND } from '../../testing/kinds';
import { failure, fakeSources, healthy, NOW, type Answers } from '../../testing/readings';
import { renderPage } from '../../testing/renderPage';
import { RunbookPage } from './RunbookPage';

const answers: Answers = (query) =>
  query.expr.includes('http_requests_total')
    ? seriesOf('job', { web: 1 })
    : isDiscovery(query)
      ? seriesOf('job', {})
      : query.source === 'prometheus'
        ? seriesOf('job', { web: 1 })
        : healthy(query);

const SERVICE = {
  ...({ source: 'diagnostics', state: 'reachable' } as const),
  ...{ detail: '1 target', tookMs: 1, targets: [{ id: 'orders', kind: 'postgres', title: 'Orders' }] },
};

function open(url: string, given: { answers?: Answers; estate?: EstateSettings } = {}) {
  const sources = fakeSources({ answers: given.answers ?? answers, health: [SERVICE] });
  const settings = { prometheusUid: 'p', refreshSeconds: 0, ...(given.estate ? { estate: given.estate } : {}) };
  renderPage(<RunbookPage />, { sources, settings, kinds: [WEB_KIND, DATABASE_KIND], url, path: ':pack/:runbook' });
  return sources;
}
const page = () => screen.findByTestId(testIds.runbook.page);

describe('the runbook of a component', () => {
  it('is at an address of its own, and judges its own series', async () => {
    const sources = open('/web/web-errors', { estate: { components: { web: { dependsOn: ['orders'] } } } });
    expect(await page()).toHaveAttribute('data-runbook', 'web/web-errors');
    await waitFor(() => expect(screen.getByTestId(testIds.verdict.word)).toHaveTextContent('Likely'));
    expect(await page()).toHaveTextContent('web (not adopted)');
    expect(await page()).toHaveTextContent('Web service (client_golang)');
    expect(await page()).toHaveTextContent('Depends onOrders');
    expect(sources.evaluated.flatMap(({ plan }) => plan.queries.map(({ expr }) => expr))).toContain(
      'sum by (job) (rate(failed{ job="web" }[5m]))'
    );
  });

  it.each([
    ['is quiet', healthy, 'Orders that it depends on was asked and shows no trouble.'],
    ['could not be asked', () => failure('timeout'), 'Orders that it depends on could not be asked.'],
  ] as const)('says that what it depends on %s', async (_, ofService, words) => {
    const estate = { components: { web: { dependsOn: ['orders'] } } };
    open('/web/web-errors', {
      estate,
      answers: (query) => (query.source === 'diagnostics' ? ofService(query) : answers(query)),
    });
    await waitFor(() => expect(screen.getByTestId(testIds.verdict.heard)).toHaveTextContent(words));
  });

  it('takes values from its address, and not which series are its own', async () => {
    const sources = open('/web/web-errors?var-window=1m&var-series=job%3D"other"');
    await page();
    await waitFor(() =>
      expect(sources.evaluated.at(-1)?.plan.queries.map(({ expr }) => expr)).toContain(
        'sum by (job) (rate(failed{ job="web" }[1m]))'
      )
    );
  });

  it('of the past is judged as of then', async () => {
    const at = NOW - 3_600_000;
    const sources = open(`/web/web-errors?at=${at}`);
    await page();
    await waitFor(() => expect(sources.evaluated.map((each) => each.at)).toEqual([undefined, at]));
  });

  it('may be of a target that only the service knows', async () => {
    open('/orders/database-locks');
    expect(await page()).toHaveTextContent('Orders (not adopted)');
  });

  it('is not there when there is no such component', async () => {
    open('/nobody/web-errors');
    expect(await screen.findByTestId(testIds.runbook.notFound)).toHaveTextContent('nobody/web-errors');
  });

  it('is not there, and no page breaks, when nothing can be found out', async () => {
    open('/web/web-errors', { answers: () => failure('timeout') });
    expect(await screen.findByTestId(testIds.runbook.notFound)).toBeInTheDocument();
  });

  it('of a pack is shown without asking what else there is', async () => {
    const sources = open('/shop/locks');
    await page();
    expect(sources.evaluated.every(({ plan }) => !plan.queries.some(isDiscovery))).toBe(true);
  });
});
