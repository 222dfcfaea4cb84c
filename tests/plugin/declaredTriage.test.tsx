/** A pack of the team that declares its components: docs/worked-example, as the diagnostics service serves it. */
import React from 'react';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { FiringAlert } from '@live-runbooks/engine';
import type { ServedPack } from '@live-runbooks/sources';
import { testIds } from '../../src/components/testIds';
import type { Settings } from '../../src/grafana/settings';
import { fakeSources } from '../../src/testing/readings';
import { renderPage } from '../../src/testing/renderPage';
import { ACME, acmeAnswers, served, SHIPPED_KINDS } from './workedExample';
import { Triage } from '../../src/pages/triage/Triage';

interface Given {
  readonly answers?: Parameters<typeof acmeAnswers>[0];
  readonly packs?: readonly ServedPack[];
  readonly estate?: Settings['estate'];
  readonly url?: string;
  readonly alerts?: readonly FiringAlert[];
}

function open({ answers, packs = [ACME], estate, url, alerts = [] }: Given = {}) {
  const sources = fakeSources({
    answers: acmeAnswers(answers),
    alerts: { alerts: [...alerts], problems: [] },
    rounds: [],
  });
  renderPage(<Triage />, {
    ...{ sources, packs: [], kinds: SHIPPED_KINDS, served: { served: { packs, problems: [] } } },
    settings: { prometheusUid: 'p', lokiUid: 'l', refreshSeconds: 0, ...(estate ? { estate } : {}) },
    ...(url ? { url } : {}),
  });
  return sources;
}
const settled = () =>
  waitFor(() => expect(screen.getByTestId(testIds.triage.footer)).toHaveAttribute('data-done', 'true'));
const list = () => screen.getByTestId(testIds.triage.components);
const rows = () => [...list().querySelectorAll<HTMLElement>('[data-component]')];
const row = (id: string) => rows().find(({ dataset }) => dataset.component === id);
const suspects = () => screen.queryAllByTestId(testIds.triage.suspect);

const PROVIDER_FAILS = {
  'acme.payments/http-5xx-ratio': { value: 0.4 },
  'acme.payments/provider-errors': { value: 0.9, labels: { server_address: 'api.payments.example' } },
  'acme.checkout/http-5xx-ratio': { value: 0.3 },
};
/** Another pack, which needs the database of orders too. */
const reports = (values = ''): ServedPack =>
  served('reports', {
    'reports/pack.yaml': `id: reports
title: Reports
description: The reports of the night
components:
  nightly: { title: the nightly run, kinds: [workload], is: { namespace: reports, deployment: nightly }, dependsOn: [db] }
  db:
    title: the orders, as the reports see them
    kinds: [postgres]
    is: { job: postgres-exporter, instance: 'orders-db.acme-data.svc:9187' }
${values}`,
  });

describe('components that a pack declares', () => {
  it('are on Triage with their titles, each once, and are theirs', async () => {
    open();
    await settled();
    expect(
      rows()
        .map(({ dataset }) => dataset.component)
        .sort()
    ).toEqual([
      ...['acme.catalog', 'acme.checkout', 'acme.ledger-db', 'acme.mailer', 'acme.orders-db', 'acme.payment-provider'],
      ...['acme.payments', 'acme.session-cache', 'acme.storefront'],
    ]);
    expect(list()).toHaveTextContent('9 components · 0 not adopted');
    expect(row('acme.payments')).toHaveTextContent('the payments');
    expect(row('acme.payments')).toHaveTextContent('declared by Acme Shop');
    expect(row('acme.payments')).toHaveTextContent('depends on the database of money, the payment provider');
    expect(row('acme.payment-provider')).toHaveTextContent('nothing of it is asked');
    expect(screen.queryByTestId(testIds.triage.unseen)).toBeNull();
    expect(suspects()).toEqual([]);
  });

  it('have the runbook of the pack in the place of the one of their kind', async () => {
    open({ answers: { faults: PROVIDER_FAILS } });
    await settled();
    expect(screen.getByTestId(testIds.verdict.word)).toHaveTextContent('Likely');
    expect(suspects()[0]).toHaveTextContent('The payment provider fails');
    expect(suspects()[0]).toHaveTextContent('the payments · HTTP service');
    expect(screen.getByTestId(testIds.verdict.open)).toHaveAttribute(
      'href',
      expect.stringContaining('/runbooks/acme.payments/http-service-errors#provider-fails')
    );
    expect(within(row('acme.payments')!).getByRole('link')).toHaveAttribute(
      'href',
      expect.stringMatching(/\/runbooks\/acme\.payments\/http-service-errors$/)
    );
  });

  it('explain over the arrows of the pack: the lock in the database of orders is why the shop is slow', async () => {
    open({ answers: { blocked: 'acme-orders', faults: { 'acme.checkout/http-p95': { value: 4 } } } });
    await settled();
    const [first] = suspects();
    expect(first).toHaveTextContent('the database of orders');
    expect(screen.getByTestId(testIds.verdict.sentence)).toHaveTextContent('4711');
    expect(first).toHaveTextContent('Explains: the checkout');
  });

  it('are asked together, with one request more for what there is', async () => {
    const sources = open();
    await settled();
    expect(sources.evaluated.map(({ plan }) => plan.requests.length > 0)).toEqual([true, true]);
    expect(sources.evaluated[0]?.plan.queries.every(({ id }) => id.startsWith('discover.'))).toBe(true);
  });

  it('and are not there are said, with what to look at', async () => {
    open({ answers: { missing: ['acme.mailer'] } });
    await settled();
    expect(screen.getByTestId(testIds.triage.unseen)).toHaveTextContent(
      /^Declared and not found: the mailer \(.+\)\. See whether it runs, and compare the labels under is in its pack/
    );
    expect(row('acme.mailer')).toHaveTextContent('not found: ');
    expect(screen.getByTestId(testIds.verdict.word)).not.toHaveTextContent(/^Nothing wrong$/);
  });

  it('are one with what people adopted before: it has the name that they gave', async () => {
    const kinds = [{ kind: 'http-service', dialect: 'otel', is: { job: 'payments', namespace: 'acme-shop' } }];
    open({ estate: { components: { 'acme-shop.payments': { adopt: true, title: 'Pay', kinds } } } });
    await settled();
    expect(row('acme-shop.payments')).toBeUndefined();
    expect(row('acme.payments')).toHaveTextContent('Pay');
    expect(rows()).toHaveLength(9);
  });

  it('of two packs are one where they say the same, with the arrows of both', async () => {
    open({ packs: [ACME, reports()] });
    await settled();
    expect(rows()).toHaveLength(10);
    expect(row('acme.orders-db')).toHaveTextContent('the database of orders');
    expect(row('acme.orders-db')).toHaveTextContent('declared by Acme Shop and Reports');
    expect(row('reports.nightly')).toHaveTextContent('depends on the database of orders');
    expect(screen.queryByTestId(testIds.triage.packsUnread)).toBeNull();
  });

  it('of which two packs say different things are said to, and nothing is called fine', async () => {
    const other = reports('    with: { postgres: { database: reports } }\n');
    open({ packs: [ACME, other] });
    await settled();
    expect(screen.getByTestId(testIds.triage.packsUnread)).toHaveTextContent(
      'reports/pack.yaml, line 1: `reports/db` and `acme/orders-db` are one postgres, and differ: database is `reports` here and `orders` in acme/pack.yaml, which is evaluated. Say the same in both, or in one of them alone'
    );
    expect(screen.getByTestId(testIds.verdict.word)).not.toHaveTextContent(/^Nothing wrong$/);
    expect(row('acme.orders-db')).toHaveTextContent('declared by Acme Shop and Reports');
  });

  it('of a pack that is off are not evaluated: what is there is found, and nobody adopted it', async () => {
    open({ estate: { packs: { acme: { off: true } } } });
    await settled();
    expect(rows().filter(({ dataset }) => dataset.component?.startsWith('acme.'))).toEqual([]);
    expect(row('acme-shop.payments')).toHaveTextContent('not adopted');
  });

  it('are looked at alone where their pack is chosen', async () => {
    const sources = open({ packs: [ACME, reports()], url: '/?pack=reports' });
    await settled();
    expect(rows().map(({ dataset }) => dataset.component)).toEqual(['acme.orders-db', 'reports.nightly']);
    expect(
      sources.evaluated.at(-1)?.plan.queries.some(({ signals }) => signals.some((key) => /payments/.test(key)))
    ).toBe(false);
  });

  it('are where an alert leads whose link names the runbook of the pack', async () => {
    const alert: FiringAlert = {
      ...{ name: 'PaymentsFail', source: 'prometheus', labels: { severity: 'critical' }, annotations: {} },
      runbookUrl: 'https://grafana.example/a/liverunbooks-troubleshooting-app/runbooks/acme/payments-errors',
    };
    open({ alerts: [alert] });
    await settled();
    expect(within(screen.getByTestId(testIds.triage.alerts)).getByRole('link')).toHaveAttribute(
      'href',
      expect.stringMatching(/\/runbooks\/acme\.payments\/http-service-errors$/)
    );
  });
});
