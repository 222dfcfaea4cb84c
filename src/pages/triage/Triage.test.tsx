import React from 'react';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { CheckResult, FiringAlert, PlannedQuery, UnknownReason } from '@live-runbooks/engine';
import { CONFIGURATION_PAGE } from '@live-runbooks/sources';
import { testIds } from '../../components/testIds';
import { renderPage } from '../../testing/renderPage';
import { fadingPack, tiedPack, watchedPack } from '../../testing/pack';
import {
  allUnknown,
  blockingCheck,
  fading,
  failure,
  fakeSources,
  healthy,
  LET_GO,
  letGo,
  lockedUp,
  NOW,
  SENT_FOR_A_LOOK,
  value,
  type Answers,
} from '../../testing/readings';
import { clock } from '../../words/amounts';
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

  it('says each fact once: the suspect of the headline has its title in the list, and not its sentence again', async () => {
    renderPage(<Triage />, { sources: fakeSources({ answers: lockedUp }) });
    await settled();
    const page = screen.getByTestId(testIds.triage.page).textContent ?? '';
    expect(page.split('4711')).toHaveLength(2);
    expect(screen.getAllByTestId(testIds.triage.suspect)[0]).not.toHaveTextContent('4711');
  });

  it('says "A or B" where two causes cannot be told apart, and which check decides', async () => {
    renderPage(<Triage />, {
      packs: [tiedPack()],
      sources: fakeSources({
        answers: (q) =>
          q.source === 'loki' ? failure('not-configured') : q.expr.startsWith('sum(rate') ? value(0.2) : value(1),
      }),
    });
    await settled();
    expect(sentence()).toHaveTextContent('It is A or It is B; "Panics in the log" decides.');
    expect(screen.getByTestId(testIds.verdict.next)).toHaveTextContent(/Panics in the log/);
  });

  it('is not green while a pack of the service is broken, and says which file', async () => {
    const problem = { file: 'ours/a.yaml', line: 7, severity: 'error' as const, message: 'no such signal' };
    const served = { served: { packs: [], problems: [problem] } };
    renderPage(<Triage />, { sources: fakeSources({ answers: healthy }), served });
    await settled();
    expect(word()).not.toHaveTextContent(/^Nothing wrong$/);
    expect(screen.getByTestId(testIds.triage.packsUnread)).toHaveTextContent('ours/a.yaml, line 7: no such signal');
  });

  it('says that nothing is wrong when all was checked and nothing found', async () => {
    renderPage(<Triage />, { sources: fakeSources({ answers: healthy }) });
    await settled();
    expect(word()).toHaveTextContent(/^Nothing wrong$/);
    expect(sentence()).toHaveTextContent('No known problem; 5 of 5 checked.');
    // Rows that have nothing to say are not there.
    expect(screen.queryByTestId(testIds.verdict.against)).toBeNull();
    expect(screen.queryByTestId(testIds.verdict.notChecked)).toBeNull();
    expect(screen.queryByTestId(testIds.verdict.next)).toBeNull();
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

  it.each<[UnknownReason, string]>([
    ['query-error', 'cannot be reached'],
    ['no-permission', 'refuses to answer'],
    ['not-configured', 'is not configured'],
  ])('stays up and says how to mend it when the diagnostics service answers %s', async (reason, words) => {
    const failed = failure(reason, 'HTTP 502: an empty body', 'Start the service');
    const { detail, mend } = failed as Extract<typeof failed, { kind: 'failure' }>;
    const sources = fakeSources({
      rounds: [],
      unreadRounds: [{ what: 'the diagnostics service', reason, detail, mend }],
      answers: (q) =>
        q.source === 'diagnostics' ? failed : q.source === 'loki' ? failure('not-configured') : healthy(q),
    });
    renderPage(<Triage />, { sources });
    const banner = await screen.findByTestId(testIds.page.banner);
    expect(banner).toHaveTextContent(`The diagnostics service ${words}`);
    expect(banner).toHaveTextContent('Start the service');
    expect(within(banner).getByTestId(testIds.page.retry)).toBeInTheDocument();
    await settled();
    expect(claimsHealth()).toBe(false);
    expect(await screen.findByTestId(testIds.triage.source('loki'))).toHaveAttribute('data-word', 'not configured');
    expect(await screen.findByTestId(testIds.triage.source('prometheus'))).toHaveAttribute('data-word', 'answers');
  });

  it('claims no health of logs that were never connected, and nothing at all of logs that fail', async () => {
    const without = (reason: UnknownReason) => {
      const answers: Answers = (q) => (q.source === 'loki' ? failure(reason) : healthy(q));
      const rules = {
        what: 'the alert rules of Loki',
        rulesOf: 'loki',
        reason,
        detail: 'it said no',
        mend: '',
      } as const;
      return fakeSources({ answers, unread: [rules] });
    };
    const { unmount } = renderPage(<Triage />, { sources: without('not-configured') });
    await settled();
    expect(word()).toHaveTextContent(/^No known problem$/);
    expect(word()).toHaveAttribute('data-tone', 'neutral');
    expect(sentence()).toHaveTextContent(/in what is connected.* Logs are not connected: 1 signal and the alert rules/);
    expect(claimsHealth()).toBe(false);
    unmount();
    renderPage(<Triage />, { sources: without('timeout') });
    await settled();
    expect(word()).toHaveTextContent(/^Nothing wrong found$/);
    expect(screen.getByTestId(testIds.verdict.card)).not.toHaveTextContent(/not connected/);
  });

  describe('beside queries that fail, while all rules and rounds were read', () => {
    const failing =
      (fails: (query: PlannedQuery) => boolean): Answers =>
      (query) =>
        fails(query) ? failure('timeout', 'no answer within 10 s', 'Check that it runs') : healthy(query);

    it.each<[string, string, (query: PlannedQuery) => boolean, string]>([
      ['all of Loki', 'loki', (q) => q.source === 'loki', 'unreachable'],
      ['one of Prometheus', 'prometheus', (q) => q.expr === 'disk_used_ratio', 'answers in part'],
      ['all of Prometheus', 'prometheus', (q) => q.source === 'prometheus', 'unreachable'],
    ])('claims no health and says what failed: %s', async (_what, source, fails, strip) => {
      renderPage(<Triage />, { sources: fakeSources({ answers: failing(fails) }) });
      await settled();
      expect(claimsHealth()).toBe(false);
      expect(word()).not.toHaveTextContent(/^Nothing wrong$|^No known problem$/);
      expect(screen.getByTestId(testIds.verdict.notChecked)).toHaveTextContent(/\d of 5 signals \(no answer in time\)/);
      expect(await screen.findByTestId(testIds.triage.source(source))).toHaveAttribute('data-word', strip);
    });

    it('claims no health where the service tells its targets, and a check fails that only a cause reads', async () => {
      const pack = watchedPack();
      const [locks, ...others] = pack.runbooks;
      const causes = locks!.causes.map((cause) => ({
        ...cause,
        evidence: [...cause.evidence, { ...cause.evidence[0]!, signal: 'long-transactions' }],
      }));
      const answers = failing((q) => q.check === 'postgres.transactions');
      renderPage(<Triage />, {
        sources: fakeSources({ answers }),
        packs: [{ ...pack, runbooks: [{ ...locks!, causes }, ...others] }],
      });
      await settled();
      expect(claimsHealth()).toBe(false);
      expect(word()).toHaveTextContent(/^Nothing wrong found$/);
    });
  });

  it('probes no source that it asks anyway, and says how many requests were sent', async () => {
    const sources = fakeSources({ answers: healthy });
    renderPage(<Triage />, { sources });
    await settled();
    expect(sources.probed).toEqual([]);
    expect(await screen.findByTestId(testIds.triage.source('shop-postgres'))).toBeInTheDocument();
    expect(await screen.findByTestId(testIds.triage.source('diagnostics'))).toHaveAttribute('data-word', 'answers');
    expect(screen.getByTestId(testIds.triage.footer)).toHaveTextContent(`${SENT_FOR_A_LOOK} requests`);
  });

  it('probes every source in a view of the past: what was then says nothing of how a source does now', async () => {
    const sources = fakeSources({ answers: healthy });
    renderPage(<Triage />, { sources, url: `/?at=${NOW - 600_000}` });
    await settled();
    expect(sources.probed).toEqual(['prometheus', 'loki', 'diagnostics']);
  });

  it('says that a fault is over and fades, neither alarming nor all clear, and accuses nobody', async () => {
    renderPage(<Triage />, { sources: fakeSources({ answers: fading }), packs: [fadingPack()] });
    await settled();
    expect(word()).toHaveTextContent(/^Recovering$/);
    expect(word()).toHaveAttribute('data-tone', 'neutral');
    expect(sentence()).toHaveTextContent(/^Over in the last part of the window/);
    expect(claimsHealth()).toBe(false);
    expect(screen.queryAllByTestId(testIds.triage.suspect)).toEqual([]);
    expect(screen.getByTestId(testIds.triage.suspects)).toHaveTextContent(/No cause is named while/);
    expect(screen.getByTestId(testIds.verdict.next)).toHaveTextContent(/^Wait/);
    const states = screen.getByTestId(testIds.triage.runbooks);
    expect(states).toHaveTextContent('0 with a problem · 1 recovering · 1 without a symptom · 0 not assessed');
    const locks = within(states).getByText('Lock contention').closest('li');
    expect(locks).toHaveTextContent(/^Recovering/);
  });

  it('says what was true until it recovered, and leads to its runbook', async () => {
    const sources = fakeSources({ answers: letGo });
    renderPage(<Triage />, { sources, packs: [watchedPack()] });
    const told = await screen.findByTestId(testIds.recovered);
    expect(told).toHaveTextContent(
      `Recovered ${clock(LET_GO)} after 4 min 50 s: Session 4711 (worker-2) is idle in transaction and 14 sessions wait`
    );
    expect(within(told).getByRole('link')).toHaveAttribute(
      'href',
      expect.stringContaining('/runbooks/shop/locks#idle-holder')
    );
    expect(word()).toHaveTextContent(/^Nothing wrong$/);
    expect(screen.queryAllByTestId(testIds.triage.suspect)).toEqual([]);
  });

  it('asks for the moment before a recovery once, however often it is refreshed', async () => {
    const sources = fakeSources({ answers: letGo });
    renderPage(<Triage />, { sources, packs: [watchedPack()] });
    await screen.findByTestId(testIds.recovered);
    await userEvent.click(within(screen.getByTestId(testIds.toolbar.refresh)).getAllByRole('button')[0]!);
    await waitFor(() => expect(sources.evaluated.filter(({ at }) => at === undefined)).toHaveLength(2));
    await settled();
    expect(sources.evaluated.filter(({ at }) => at !== undefined)).toHaveLength(1);
    expect(screen.getByTestId(testIds.recovered)).toBeInTheDocument();
  });

  it('says what was true while what it caused still fades from the window', async () => {
    const pack = { ...fadingPack(), signals: { ...watchedPack().signals, ...fadingPack().signals } };
    const answers: Answers = (q, at = NOW) => (at < LET_GO || q.source === 'diagnostics' ? letGo(q, at) : fading(q));
    renderPage(<Triage />, { sources: fakeSources({ answers }), packs: [pack] });
    expect(await screen.findByTestId(testIds.recovered)).toHaveTextContent(/^Recovered .* Session 4711/);
    expect(word()).toHaveTextContent(/^Recovering$/);
  });

  it('says that nothing of then is recorded rather than to guess', async () => {
    const answers: Answers = (q, at) => (at === undefined ? letGo(q) : failure('not-configured', 'keeps no past'));
    renderPage(<Triage />, { sources: fakeSources({ answers }), packs: [watchedPack()] });
    expect(await screen.findByTestId(testIds.recovered)).toHaveTextContent(
      /^What was wrong before .* is not recorded\.$/
    );
  });

  it('tells of no recovery where nothing recovered, and asks nothing more', async () => {
    const sources = fakeSources({ answers: healthy });
    renderPage(<Triage />, { sources, packs: [watchedPack()] });
    await settled();
    expect(sources.evaluated).toHaveLength(1);
    expect(screen.queryByTestId(testIds.recovered)).toBeNull();
  });

  it('calls a problem without a likely cause a problem, and leads to its runbook', async () => {
    renderPage(<Triage />, {
      // Requests fail, and everything that a cause could rest on is absent.
      sources: fakeSources({ answers: (q) => (q.expr.startsWith('sum(rate') ? value(0.2) : healthy(q)) }),
    });
    await settled();
    expect(word()).toHaveTextContent(/^Problem$/);
    expect(screen.getByTestId(testIds.triage.suspects)).toHaveTextContent(/^SuspectsSomething is wrong, and no cause/);
    expect(screen.getByTestId(testIds.verdict.next)).toHaveTextContent(/^Escalate/);
    expect(screen.getByTestId(testIds.verdict.open)).toHaveAttribute(
      'href',
      expect.stringMatching(/\/runbooks\/shop\/locks$/)
    );
    const locks = within(screen.getByTestId(testIds.triage.runbooks)).getByText('Lock contention').closest('li');
    expect(locks).toHaveTextContent(/^Problem/);
  });

  it('is not recovering while the fault still shows in the last part of its window', async () => {
    renderPage(<Triage />, {
      packs: [fadingPack()],
      sources: fakeSources({ answers: (q) => (q.source === 'prometheus' ? value(0.2) : healthy(q)) }),
    });
    await settled();
    expect(word()).not.toHaveTextContent('Recovering');
  });

  it.each([
    ['all of it', healthy, 'The diagnostics service shows what it recorded then.'],
    [
      'nothing, and why',
      ((q) =>
        q.source === 'diagnostics'
          ? failure('not-configured', 'the diagnostics service keeps no past')
          : healthy(q)) satisfies Answers,
      'The diagnostics service keeps no past.',
    ],
  ])('says what the past shows of the diagnostics service: %s', async (_, answers, words) => {
    renderPage(<Triage />, { sources: fakeSources({ answers }), url: `/?at=${NOW - 3_600_000}` });
    await settled();
    expect(screen.getByText(/^As it was at/).parentElement).toHaveTextContent(words);
    expect(screen.getByTestId(testIds.triage.alerts)).toHaveTextContent('No alerts fired then.');
  });

  it.each([
    [true, 'No alerts firing in what could be read.'],
    [false, 'Alert state unknown.'],
  ])('says of alerts only what was read, and what was not (any source answered: %s)', async (heard, words) => {
    const problem = { source: 'loki', reason: 'timeout', detail: 'Loki did not answer', mend: 'Look at Loki' } as const;
    renderPage(<Triage />, {
      sources: fakeSources({ answers: healthy, alerts: { alerts: [], problems: [problem], heard } }),
    });
    await settled();
    expect(screen.getByTestId(testIds.triage.alerts)).toHaveTextContent(words);
    expect(screen.getByTestId(testIds.triage.alerts)).toHaveTextContent('Loki did not answer. Look at Loki.');
  });

  it('leads to the configuration from what it could mend, without an address in the text', async () => {
    renderPage(<Triage />, {
      sources: fakeSources({
        answers: healthy,
        alerts: {
          alerts: [],
          problems: [
            {
              source: 'loki',
              reason: 'not-configured',
              detail: 'the rules of Loki were not asked: no data source has the uid “loki”',
              mend: `Choose one on ${CONFIGURATION_PAGE}.`,
            },
          ],
        },
      }),
    });
    const alerts = screen.getByTestId(testIds.triage.alerts);
    const link = await within(alerts).findByRole('link', { name: CONFIGURATION_PAGE });
    expect(link).toHaveAttribute('href', expect.stringMatching(/^\/plugins\/.*page=configuration$/));
    expect(alerts).toHaveTextContent(
      "The rules of Loki were not asked: no data source has the uid “loki”. Choose one on the app's configuration page."
    );
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

  describe('beside something red', () => {
    const durability = {
      ...blockingCheck(),
      id: 'postgres.durability',
      title: 'Durability',
      state: 'critical' as const,
      summary: 'fsync is off',
      mend: 'Switch fsync on',
      since: NOW - 60_000,
    };
    const rounds = (...checks: CheckResult[]) => [{ target: 'shop-postgres', title: 'Shop Postgres', checks }];
    const firing = (name: string): FiringAlert => ({
      name,
      labels: { alertname: name, severity: 'critical' },
      annotations: { summary: `${name} is red` },
      activeAt: NOW - 60_000,
      source: 'prometheus',
    });
    const findings = () => screen.queryAllByTestId(testIds.triage.finding);

    it('a critical check that no runbook asks about is a problem: what, where, since and how to mend it', async () => {
      renderPage(<Triage />, { sources: fakeSources({ answers: healthy, rounds: rounds(durability) }) });
      await settled();
      expect(word()).toHaveTextContent(/^Problem$/);
      expect(word()).toHaveAttribute('data-tone', 'critical');
      expect(sentence()).toHaveTextContent('Shop Postgres: fsync is off. No runbook explains it.');
      expect(claimsHealth()).toBe(false);
      expect(screen.getByTestId(testIds.triage.findings)).toHaveTextContent(/^Not explained by any runbook1/);
      expect(findings()).toHaveLength(1);
      expect(findings()[0]).toHaveTextContent(
        /Critical.*Durability · Shop Postgres.*fsync is off.*Switch fsync on\..*since/
      );
      expect(within(findings()[0]!).queryByRole('link')).toBeNull();
    });

    it('a check that only warns is a warning, in word and tone', async () => {
      renderPage(<Triage />, {
        sources: fakeSources({ answers: healthy, rounds: rounds({ ...durability, state: 'warning' }) }),
      });
      await settled();
      expect(word()).toHaveTextContent(/^Warning$/);
      expect(word()).toHaveAttribute('data-tone', 'warning');
    });

    it('a firing alert leads to the runbook that knows it; one that nobody knows is said all the same', async () => {
      const alerts = { alerts: [firing('LockWaits'), firing('Stranger')], problems: [] };
      renderPage(<Triage />, { sources: fakeSources({ answers: healthy, alerts }) });
      await settled();
      expect(word()).toHaveTextContent(/^Problem$/);
      expect(findings().map((row) => row.dataset.finding)).toEqual(['alert/LockWaits', 'alert/Stranger']);
      expect(within(findings()[0]!).getByRole('link')).toHaveAttribute(
        'href',
        expect.stringMatching(/\/runbooks\/shop\/locks$/)
      );
      expect(within(findings()[1]!).queryByRole('link')).toBeNull();
    });

    it('what a likely suspect explains is not said twice', async () => {
      renderPage(<Triage />, {
        sources: fakeSources({
          answers: lockedUp,
          alerts: { alerts: [firing('LockWaits')], problems: [] },
          rounds: rounds(blockingCheck(14)),
        }),
      });
      await settled();
      expect(word()).toHaveTextContent('Likely');
      expect(screen.queryByTestId(testIds.triage.findings)).toBeNull();
    });

    it('nothing is drawn when nothing is red', async () => {
      renderPage(<Triage />, { sources: fakeSources({ answers: healthy, rounds: rounds(blockingCheck()) }) });
      await settled();
      expect(word()).toHaveTextContent(/^Nothing wrong$/);
      expect(screen.queryByTestId(testIds.triage.findings)).toBeNull();
    });

    it('rules that could not be read are said, and are not fine', async () => {
      const unread = [
        { what: 'the alert rules of Prometheus', reason: 'timeout', detail: 'no answer', mend: 'Look at Prometheus' },
      ] as const;
      renderPage(<Triage />, { sources: fakeSources({ answers: healthy, unread }) });
      await settled();
      expect(claimsHealth()).toBe(false);
      expect(screen.getByTestId(testIds.verdict.notChecked)).toHaveTextContent('1 source');
      await userEvent.click(screen.getByTestId(testIds.verdict.notCheckedToggle));
      expect(screen.getByTestId(testIds.verdict.card)).toHaveTextContent('Look at Prometheus');
      expect(screen.getByTestId(testIds.verdict.card)).toHaveTextContent('The alert rules of Prometheus');
    });

    it.each(['rounds', 'alerts'] as const)('nothing is claimed before the %s have arrived', async (part) => {
      renderPage(<Triage />, { sources: fakeSources({ answers: healthy, missing: [part] }) });
      await waitFor(() => expect(sentence()).toHaveTextContent(/Nothing suspicious so far/));
      expect(word()).toHaveTextContent('Checking');
      expect(claimsHealth()).toBe(false);
    });

    it('the past is held to the same', async () => {
      const at = NOW - 3_600_000;
      renderPage(<Triage />, {
        url: `/?at=${at}`,
        sources: fakeSources({ answers: healthy, rounds: rounds({ ...durability, since: at - 60_000 }) }),
      });
      await settled();
      expect(word()).toHaveTextContent(/^Problem$/);
      expect(findings()).toHaveLength(1);
    });
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
