import React from 'react';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { SourceHealth } from '@live-runbooks/sources';
import { testIds } from '../../components/testIds';
import { renderPage } from '../../testing/renderPage';
import { allUnknown, failure, fakeSources, healthy, lockedUp, NOW } from '../../testing/readings';
import { Triage } from './Triage';

const word = () => screen.getByTestId(testIds.verdict.word);
const sentence = () => screen.getByTestId(testIds.verdict.sentence);
const settled = () =>
  waitFor(() => expect(screen.getByTestId(testIds.triage.footer)).toHaveAttribute('data-done', 'true'));
/** Green and its words stand for health: they may never be there when something is not known. */
const claimsHealth = () =>
  /nothing wrong(?! (was )?found)/i.test(screen.getByTestId(testIds.verdict.card).textContent ?? '');

describe('Triage', () => {
  it('says first what is likely, with live facts, and leads to its runbook', async () => {
    renderPage(<Triage />, { sources: fakeSources({ answers: lockedUp }) });
    await settled();
    expect(word()).toHaveTextContent('Likely');
    expect(sentence()).toHaveTextContent(/4711.*worker-2.*14/);
    expect(screen.getByTestId(testIds.verdict.open)).toHaveAttribute(
      'href',
      expect.stringContaining('/runbooks/shop/locks#idle-holder')
    );
    expect(screen.getByTestId(testIds.triage.noneOfThese)).toBeInTheDocument();
    expect(claimsHealth()).toBe(false);
  });

  it('says that nothing is wrong when all was checked and nothing found', async () => {
    renderPage(<Triage />, { sources: fakeSources({ answers: healthy }) });
    await settled();
    expect(word()).toHaveTextContent(/^Nothing wrong$/);
    expect(screen.getByTestId(testIds.verdict.notChecked)).toHaveTextContent('Nothing: all 5 signals were checked.');
    expect(screen.getByTestId(testIds.triage.suspects)).toHaveTextContent('No cause is suspected.');
    expect(screen.queryAllByTestId(testIds.triage.suspect)).toEqual([]);
  });

  it('claims nothing while answers are missing', async () => {
    renderPage(<Triage />, { sources: fakeSources({ answers: () => undefined }) });
    expect(word()).toHaveTextContent('Checking');
    expect(screen.getByTestId(testIds.verdict.card)).toHaveAttribute('aria-busy', 'true');
    expect(claimsHealth()).toBe(false);
  });

  it('shows what is suspected before the slowest source has answered', async () => {
    renderPage(<Triage />, {
      sources: fakeSources({ answers: (q) => (q.source === 'loki' ? undefined : lockedUp(q)) }),
    });
    await waitFor(() => expect(sentence()).toHaveTextContent('4711'));
    expect(screen.getByTestId(testIds.triage.footer)).toHaveTextContent('3 of 4 queries answered');
    expect(screen.getByTestId(testIds.triage.footer)).toHaveAttribute('data-done', 'false');
  });

  it('never shows health when nothing could be asked, and says how to mend it', async () => {
    renderPage(<Triage />, { sources: fakeSources({ answers: allUnknown }) });
    await settled();
    expect(word()).toHaveTextContent('Cannot assess');
    expect(claimsHealth()).toBe(false);
    await userEvent.click(screen.getByTestId(testIds.verdict.notCheckedToggle));
    expect(screen.getByTestId(testIds.verdict.card)).toHaveTextContent('Check that it runs');
    expect(screen.getByTestId(testIds.verdict.card)).toHaveTextContent('no answer within 10 s');
  });

  it('does not say that nothing is wrong when one symptom could not be checked', async () => {
    renderPage(<Triage />, {
      sources: fakeSources({
        answers: (q) =>
          q.expr === 'disk_used_ratio' ? failure('query-error', 'parse error', 'Mend the query') : healthy(q),
      }),
    });
    await settled();
    expect(claimsHealth()).toBe(false);
    expect(screen.getByTestId(testIds.verdict.notChecked)).toHaveTextContent('1 of 5 signals (the query failed)');
  });

  it.each<[SourceHealth['state'], string]>([
    ['unreachable', 'cannot be reached'],
    ['forbidden', 'refuses to answer'],
    ['missing', 'is not configured'],
  ])('stays up and says how to mend it when the diagnostics service is %s', async (state, words) => {
    const health: SourceHealth[] = [
      { source: 'prometheus', state: 'reachable', detail: 'answers', tookMs: 2 },
      { source: 'loki', state: 'missing', detail: 'none chosen', mend: 'Choose one', tookMs: 0 },
      { source: 'diagnostics', state, detail: 'HTTP 502: an empty body', mend: 'Start the service', tookMs: 2 },
    ];
    renderPage(<Triage />, {
      sources: fakeSources({
        health,
        answers: (q) => (q.source === 'diagnostics' ? failure('query-error') : healthy(q)),
      }),
    });
    const banner = await screen.findByTestId(testIds.page.banner);
    expect(banner).toHaveTextContent(`The diagnostics service ${words}`);
    expect(banner).toHaveTextContent('Start the service');
    expect(within(banner).getByTestId(testIds.page.retry)).toBeInTheDocument();
    await settled();
    expect(claimsHealth()).toBe(false);
    expect(screen.getByTestId(testIds.triage.source('loki'))).toHaveAttribute('data-word', 'not configured');
  });

  it('asks the past that the link names, and says so', async () => {
    const at = NOW - 3_600_000;
    const sources = fakeSources({ answers: lockedUp });
    const { location } = renderPage(<Triage />, { sources, url: `/?at=${at}` });
    await settled();
    expect(sources.evaluated.map((e) => e.at)).toEqual([at]);
    await userEvent.click(screen.getByRole('button', { name: 'Back to now' }));
    expect(location()).toBe('/');
    await waitFor(() => expect(sources.evaluated.at(-1)?.at).toBeUndefined());
  });

  it('counts what the service cannot recall as not checked in the past', async () => {
    renderPage(<Triage />, {
      url: `/?at=${NOW - 3_600_000}`,
      sources: fakeSources({
        answers: (q) =>
          q.source === 'diagnostics' ? failure('not-applicable', 'the recorder is not available') : healthy(q),
      }),
    });
    await settled();
    expect(claimsHealth()).toBe(false);
    expect(screen.getByTestId(testIds.verdict.notChecked)).toHaveTextContent('2 of 5 signals');
  });

  it('leads from a firing alert to its runbook, by the rule’s link or its name, with its parameters', async () => {
    const alert = (name: string, runbookUrl?: string) => ({
      name,
      labels: { alertname: name, severity: 'critical' },
      annotations: { summary: `${name} fires` },
      activeAt: NOW - 60_000,
      source: 'prometheus' as const,
      ...(runbookUrl ? { runbookUrl } : {}),
    });
    renderPage(<Triage />, {
      sources: fakeSources({
        answers: healthy,
        alerts: {
          alerts: [
            alert('LockWaits'),
            alert('Custom', 'https://g.example/a/liverunbooks-troubleshooting-app/runbooks/shop/disk?var-window=1m'),
            alert('Stranger', 'https://wiki.example/x'),
          ],
          problems: [{ source: 'loki', reason: 'timeout', detail: 'Loki did not answer', mend: 'Look at Loki' }],
        },
      }),
    });
    const rows = await screen.findAllByTestId(testIds.triage.alert);
    const link = (i: number) => within(rows[i]!).queryByRole('link')?.getAttribute('href');
    expect(rows.map((r) => r.dataset.alert)).toEqual(['LockWaits', 'Custom', 'Stranger']);
    expect(link(0)).toMatch(/\/runbooks\/shop\/locks$/);
    expect(link(1)).toMatch(/\/runbooks\/shop\/disk\?var-window=1m$/);
    expect(link(2)).toBeUndefined();
    expect(screen.getByTestId(testIds.triage.alerts)).toHaveTextContent('Loki did not answer. Look at Loki');
  });

  it('asks again on demand and replaces the verdict', async () => {
    const sources = fakeSources({ answers: lockedUp });
    renderPage(<Triage />, { sources });
    await settled();
    sources.answerWith(healthy);
    await userEvent.click(within(screen.getByTestId(testIds.toolbar.refresh)).getAllByRole('button')[0]!);
    await waitFor(() => expect(word()).toHaveTextContent(/^Nothing wrong$/));
    expect(sources.evaluated).toHaveLength(2);
  });
});
