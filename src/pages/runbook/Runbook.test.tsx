import React from 'react';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { testIds } from '../../components/testIds';
import { watchClipboard } from '../../testing/clipboard';
import { fadingPack, testPack } from '../../testing/pack';
import { renderPage } from '../../testing/renderPage';
import {
  allUnknown,
  blocking,
  fading,
  failure,
  fakeSources,
  healthy,
  LET_GO,
  letGo,
  lockedUp,
  NOW,
  value,
  type Answers,
} from '../../testing/readings';
import { clock } from '../../words/amounts';
import { RunbookView } from './RunbookView';

let copied: readonly string[];

const ids = testIds.runbook;
const pack = testPack();
const locks = pack.runbooks[0]!;

async function open(answers: Answers, url = '/') {
  const sources = fakeSources({ answers });
  const page = renderPage(<RunbookView pack={pack} runbook={locks} />, { sources, url });
  await waitFor(() => expect(screen.getByTestId(testIds.triage.footer)).toHaveAttribute('data-done', 'true'));
  return { ...page, sources };
}
const cause = (id: string) => screen.getByTestId(ids.cause(id));
const fix = () => screen.getByTestId(ids.fix('terminate'));
const copy = () => within(fix()).getByTestId(ids.copy);

beforeEach(() => {
  copied = watchClipboard();
});

describe('a runbook', () => {
  it('ranks its causes, opens the likely one with its evidence, and keeps the refuted one with the reason', async () => {
    await open(lockedUp);
    expect(screen.getByTestId(testIds.verdict.word)).toHaveTextContent('Likely');
    expect(cause('idle-holder')).toHaveAttribute('data-rank', '1');
    expect(cause('idle-holder')).toHaveTextContent('The root blocker 4711 is idle in transaction');
    expect(within(cause('idle-holder')).getByTestId(ids.evidence('lock-waiters'))).toHaveTextContent('14 > 0');
    expect(within(screen.getByTestId(ids.refuted)).getByTestId(ids.cause('crash'))).toHaveAttribute(
      'data-verdict',
      'refuted'
    );
  });

  it('keeps the card of a cause closed that another one explains, and says which', async () => {
    const [root, crash] = locks.causes;
    const runbook = { ...locks, causes: [{ ...root!, explains: ['locks/crash'] }, crash!] };
    const panicking: Answers = (query) => (query.source === 'loki' ? value(3) : lockedUp(query));
    renderPage(<RunbookView pack={{ ...pack, runbooks: [runbook] }} runbook={runbook} />, {
      sources: fakeSources({ answers: panicking }),
    });
    await waitFor(() => expect(screen.getByTestId(testIds.triage.footer)).toHaveAttribute('data-done', 'true'));
    expect(within(cause('idle-holder')).getByRole('button', { expanded: true })).toBeInTheDocument();
    expect(cause('crash')).toHaveAttribute('data-verdict', 'likely');
    expect(cause('crash')).toHaveTextContent('Explained by: A session idle in transaction holds the lock');
    expect(within(cause('crash')).getByRole('button')).toHaveAttribute('aria-expanded', 'false');
  });

  it('claims no health while a check fails that only a cause reads', async () => {
    await open((query) => (query.source === 'loki' ? failure('timeout', 'no answer within 10 s') : healthy(query)));
    expect(screen.getByTestId(testIds.verdict.word)).toHaveTextContent(/^Nothing wrong found$/);
  });

  it('calls the cause of a recovered incident true until then, and not ruled out', async () => {
    const { sources } = await open(letGo);
    await waitFor(() => expect(cause('idle-holder')).toHaveAttribute('data-verdict', 'was-true'));
    expect(cause('idle-holder')).toHaveTextContent(
      `Was true ${clock(NOW - 380_000)}–${clock(LET_GO)}: Session 4711 (worker-2) is idle in transaction`
    );
    expect(cause('idle-holder')).not.toHaveTextContent(/Ruled out/);
    expect(within(cause('idle-holder')).getByText('Was true')).toHaveAttribute('data-tone', 'neutral');
    expect(cause('crash')).toHaveAttribute('data-verdict', 'refuted');
    expect(sources.evaluated.map(({ at }) => at)).toEqual([undefined, LET_GO - 10_000 - (LET_GO % 1000)]);
  });

  it('says that it recovers, and names no cause meanwhile', async () => {
    const faded = fadingPack();
    const sources = fakeSources({ answers: fading });
    renderPage(<RunbookView pack={faded} runbook={faded.runbooks[0]!} />, { sources });
    await waitFor(() => expect(screen.getByTestId(testIds.triage.footer)).toHaveAttribute('data-done', 'true'));
    expect(screen.getByTestId(testIds.verdict.word)).toHaveTextContent(/^Recovering$/);
    expect(screen.queryByTestId(testIds.verdict.against)).toBeNull();
    expect(cause('crash')).not.toHaveAttribute('data-verdict', 'likely');
  });

  it('offers what stops the harm first, right below why the cause is believed', async () => {
    await open(lockedUp);
    const card = cause('idle-holder');
    const place = (text: string) => card.textContent.indexOf(text);
    expect(place('Do not restart the API first')).toBeGreaterThan(place('For'));
    expect(place('End the blocking session')).toBeGreaterThan(place('Do not restart the API first'));
    expect(place('Not to be confused with')).toBeGreaterThan(place('End the blocking session'));
  });

  it('warns and names look-alikes only where they matter', async () => {
    const { unmount } = await open(lockedUp);
    expect(cause('idle-holder')).toHaveTextContent('Do not restart the API first');
    expect(cause('idle-holder')).toHaveTextContent('The API crashes: a crash leaves no session behind');
    unmount();
    await open(healthy);
    expect(cause('idle-holder')).not.toHaveTextContent('Do not restart');
  });

  it('shows the rows behind a piece of evidence', async () => {
    await open(lockedUp);
    await userEvent.click(within(screen.getByTestId(ids.evidence('idle-blocker'))).getByRole('button'));
    const rows = screen.getByTestId(ids.rows);
    expect(rows).toHaveTextContent('4711');
    expect(rows).toHaveTextContent('worker-2');
    expect(rows).toHaveTextContent('6 min');
  });

  it('says why evidence is not known and how to mend it', async () => {
    await open((q) => (q.source === 'loki' ? failure('not-configured', 'no Loki', 'Choose Loki') : lockedUp(q)));
    await userEvent.click(within(cause('crash')).getByRole('button', { name: /The API crashes/ }));
    const row = within(cause('crash')).getByTestId(ids.evidence('panic-lines'));
    expect(row).toHaveAttribute('data-state', 'unknown');
    await userEvent.click(within(row).getByRole('button'));
    expect(row).toHaveTextContent('Choose Loki');
  });

  it('fills the command, says whom it hits, and copies it when its preconditions are met', async () => {
    const { location } = await open(lockedUp);
    expect(within(fix()).getByTestId(ids.command)).toHaveTextContent('SELECT pg_terminate_backend(4711);');
    expect(fix()).toHaveTextContent('Ends 1 session of worker-2.');
    expect(within(fix()).getByTestId(ids.precondition)).toHaveAttribute('data-state', 'present');
    await userEvent.click(copy());
    expect(copied).toEqual(['SELECT pg_terminate_backend(4711);']);
    expect(location()).toBe(`/?watch=terminate%40${NOW}`);
  });

  it('watches a copied fix until it worked', async () => {
    const { sources } = await open(lockedUp);
    await userEvent.click(copy());
    expect(await screen.findByTestId(ids.watch)).toHaveAttribute('data-state', 'waiting');
    const lookAgain = async (askedAt: number) => {
      sources.answerWith((q) => (q.source === 'diagnostics' ? blocking(0, [], askedAt) : healthy(q)));
      await userEvent.click(within(screen.getByTestId(testIds.toolbar.refresh)).getAllByRole('button')[0]!);
    };
    await lookAgain(NOW + 40_000);
    await waitFor(() => expect(screen.getByTestId(ids.watch)).toHaveTextContent(/has to stay so/));
    await lookAgain(NOW + 75_000);
    // The cause is refuted now and its card closed; the watch still speaks.
    await waitFor(() => expect(screen.getByTestId(ids.watch)).toHaveAttribute('data-state', 'worked'));
    expect(screen.getByTestId(ids.watch)).toHaveTextContent(/14 → 0 in 40/);
  });

  it('offers no command and no watch in a view of the past, and the way back to now', async () => {
    const { location } = await open(lockedUp, `/?at=${NOW - 3_600_000}&watch=terminate%40${NOW - 3_700_000}`);
    expect(within(fix()).queryByTestId(ids.copy)).not.toBeInTheDocument();
    expect(screen.queryByTestId(ids.watch)).not.toBeInTheDocument();
    await userEvent.click(within(fix()).getByTestId(ids.backToNow));
    expect(location()).not.toContain('at=');
  });

  it('does not offer a command that is not complete', async () => {
    await open((q) => (q.source === 'diagnostics' ? failure('timeout') : lockedUp(q)));
    await userEvent.click(within(cause('idle-holder')).getByRole('button', { name: /idle in transaction holds/ }));
    expect(copy()).toHaveAttribute('aria-disabled', 'true');
    await userEvent.click(copy());
    expect(copied).toEqual([]);
  });

  it('is never green when nothing could be asked', async () => {
    await open(allUnknown);
    expect(screen.getByTestId(testIds.verdict.word)).toHaveTextContent('Cannot assess');
    expect(screen.getByTestId(testIds.verdict.notChecked)).toHaveTextContent('4 of 4 signals (no answer in time)');
  });

  it('shows its parameters and puts a changed one into the link', async () => {
    const { location, sources } = await open(healthy, '/?var-window=2m');
    const input = screen.getByTestId(ids.parameter('window'));
    expect(input).toHaveValue('2m');
    await userEvent.clear(input);
    await userEvent.type(input, '10m{Enter}');
    expect(location()).toBe('/?var-window=10m');
    await waitFor(() =>
      expect(sources.evaluated.at(-1)?.plan.queries.some((q) => q.expr.includes('[10m]'))).toBe(true)
    );
  });

  it('says what is wrong with a parameter that does not fit', async () => {
    await open(healthy, '/?var-window=soon');
    expect(screen.getByTestId(ids.parameters)).toHaveTextContent(/not a duration/);
    expect(screen.getByTestId(testIds.verdict.word)).not.toHaveTextContent(/nothing wrong/i);
  });

  it('tells what differs from the guide and what would have warned', async () => {
    await open(healthy);
    expect(screen.getByTestId(ids.corrections)).toHaveTextContent('End the root blocker');
    expect(screen.getByTestId(ids.prevention)).toHaveTextContent('Sessions waiting for a lock: above 5 for 2 min');
  });

  it('says how long an alert holds as its rule has it, in proportion to the hold that is configured', async () => {
    const scaled = testPack({
      params: { ...pack.params, hold: { title: 'Hold', kind: 'duration', default: '5m', required: true } },
    });
    const settings = { prometheusUid: 'prometheus', refreshSeconds: 0, params: { shop: { hold: '10s' } } };
    const sources = fakeSources({ answers: healthy });
    renderPage(<RunbookView pack={scaled} runbook={scaled.runbooks[0]!} />, { sources, settings });
    expect(await screen.findByTestId(ids.prevention)).toHaveTextContent('above 5 for 4 s');
  });
});

describe('a link with the time range of a dashboard', () => {
  it('is judged at the end of the range, and says so; the address then names that moment', async () => {
    const { sources, location } = await open(healthy, '/?from=now-2h&to=now-1h&timezone=browser&var-window=1m');
    const then = NOW - 3_600_000;
    expect(new Set(sources.evaluated.map(({ at }) => at))).toEqual(new Set([then]));
    expect(screen.getByText(/^As it was at/)).toBeInTheDocument();
    expect(location()).toBe(`/?var-window=1m&at=${then}`);
  });

  it('is of the present when the range ends now', async () => {
    const { sources, location } = await open(healthy, '/?from=now-2h&to=now&timezone=browser');
    expect(sources.evaluated.every(({ at }) => at === undefined)).toBe(true);
    expect(screen.queryByText(/^As it was at/)).not.toBeInTheDocument();
    expect(location()).toBe('/');
  });

  it('says that it shows the present when the time cannot be read, until another is chosen', async () => {
    const { location } = await open(healthy, '/?from=now-2h&to=gestern');
    const notice = screen.getByTestId(testIds.toolbar.unreadableTime);
    expect(notice).toHaveTextContent('This link asks for a time that cannot be read: “gestern”');
    await userEvent.click(within(notice).getByRole('button', { name: 'Show now' }));
    expect(screen.queryByTestId(testIds.toolbar.unreadableTime)).not.toBeInTheDocument();
    expect(location()).toBe('/');
  });
});
