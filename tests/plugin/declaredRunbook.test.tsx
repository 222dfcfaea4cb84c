/** The runbooks of components that a pack declares: docs/worked-example, as the diagnostics service serves it. */
import React from 'react';
import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { testIds } from '../../src/components/testIds';
import type { Settings } from '../../src/grafana/settings';
import { fakeSources } from '../../src/testing/readings';
import { renderPage } from '../../src/testing/renderPage';
import { ACME, acmeAnswers, SHIPPED_KINDS } from './workedExample';
import { RunbookPage } from '../../src/pages/runbook/RunbookPage';

function open(url: string, estate?: Settings['estate']) {
  const answers = acmeAnswers({
    faults: {
      'acme.payments/http-5xx-ratio': { value: 0.4 },
      'acme.payments/provider-errors': { value: 0.9, labels: { server_address: 'api.payments.example' } },
    },
  });
  return renderPage(<RunbookPage />, {
    ...{ sources: fakeSources({ answers }), packs: [], kinds: SHIPPED_KINDS, url, path: '/:pack/:runbook' },
    served: { served: { packs: [ACME], problems: [] } },
    settings: { prometheusUid: 'p', refreshSeconds: 0, ...(estate ? { estate } : {}) },
  });
}
const HERE = /\/runbooks\/acme\.payments\/http-service-errors/;

describe('the runbook of a component that a pack declares', () => {
  it('is that of the pack, in the place of the one of the kind, and says where it comes from', async () => {
    open('/acme.payments/http-service-errors');
    const page = await screen.findByTestId(testIds.runbook.page);
    expect(page).toHaveAttribute('data-runbook', 'acme.payments/http-service-errors');
    await waitFor(() => expect(screen.getByTestId(testIds.verdict.word)).toHaveTextContent('Likely'));
    expect(screen.getByTestId(testIds.runbook.cause('provider-fails'))).toBeInTheDocument();
    expect(page).toHaveTextContent('Componentthe payments');
    expect(page).toHaveTextContent('Declared byAcme Shop');
    expect(page).toHaveTextContent('Runbookfrom the service: acme/payments-errors.yaml');
  });

  it('of another kind is that of the kind, and built in', async () => {
    open('/acme.orders-db/postgres-locks');
    expect(await screen.findByTestId(testIds.runbook.page)).toHaveTextContent('Runbookbuilt in');
  });

  it.each([
    ['the address that its pack gives it', '/acme/payments-errors'],
    ['the id under which it was found before the pack came', '/acme-shop.payments/http-service-errors'],
  ])('is where %s leads, with what the address says', async (_what, address) => {
    const { location } = open(`${address}?at=1700000000000&var-window=1m#provider-fails`);
    await waitFor(() => expect(location()).toMatch(HERE));
    expect(location()).toMatch(/\?at=1700000000000&var-window=1m#provider-fails$/);
  });

  it.each(['/acme/payments-errors', '/acme.payments/http-service-errors'])(
    'is not evaluated while its pack is off, and %s says so',
    async (address) => {
      open(address, { packs: { acme: { off: true } } });
      expect(await screen.findByTestId(testIds.runbook.off)).toHaveTextContent('The pack “Acme Shop” is off');
    }
  );
});
