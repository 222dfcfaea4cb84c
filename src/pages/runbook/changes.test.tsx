import React from 'react';
import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Kind } from '@live-runbooks/engine';
import { testIds } from '../../components/testIds';
import { isDiscovery, seriesOf, WEB_KIND } from '../../testing/kinds';
import { fakeSources, healthy, NOW, type Answers } from '../../testing/readings';
import { renderPage } from '../../testing/renderPage';
import { RunbookPage } from './RunbookPage';

const { version, ...signals } = WEB_KIND.pack.signals;
const KIND: Kind = {
  ...WEB_KIND,
  pack: {
    ...WEB_KIND.pack,
    signals: { ...signals, version: { ...version!, change: { says: 'another version runs' } } },
  },
};
/** Seconds before now at which the version was last another one, and requests did not fail. */
const opened = (changed: number | undefined, failed: number) => {
  const last = (ago: number | undefined) => seriesOf('job', ago === undefined ? {} : { web: NOW / 1000 - ago });
  const answers: Answers = (query) =>
    query.source !== 'prometheus'
      ? healthy(query)
      : query.expr.startsWith('max_over_time(timestamp(')
        ? last(query.expr.includes('version') ? changed : failed)
        : isDiscovery(query) && !query.expr.includes('http_requests_total')
          ? seriesOf('job', {})
          : seriesOf('job', { web: 1 });
  const sources = fakeSources({ answers });
  const settings = { prometheusUid: 'p', refreshSeconds: 0 };
  renderPage(<RunbookPage />, { sources, settings, kinds: [KIND], url: '/web/web-errors', path: ':pack/:runbook' });
};

describe('what changed', () => {
  it.each([
    ['before it began', 1200, 400, 'before'],
    ['after it began', 60, 1200, 'after'],
    ['about when it began', 420, 400, 'unclear'],
    ['When it changed is not known', undefined, 400, 'unclear'],
  ] as const)('is told: %s', async (words, changed, failed, order) => {
    opened(changed, failed);
    await waitFor(() => expect(screen.getByTestId(testIds.runbook.changes)).toHaveTextContent(words));
    const row = screen.getByText('Another version runs (web)').closest('li');
    expect(row).toHaveAttribute('data-order', order);
  });
});
