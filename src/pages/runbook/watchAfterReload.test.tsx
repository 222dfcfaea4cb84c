/** A page that did not see the copy of a command asks the data how it was then, and what was so since. */
import React from 'react';
import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Pack, Reading } from '@live-runbooks/engine';
import { testIds } from '../../components/testIds';
import { testPack } from '../../testing/pack';
import { renderPage } from '../../testing/renderPage';
import { blocking, failure, fakeSources, healthy, idleRoot, lockedUp, NOW, type Answers } from '../../testing/readings';
import { RunbookView } from './RunbookView';

const COPIED = NOW - 90_000;
const LET_GO = COPIED + 20_000;

/** The service as it recorded it: sessions wait until the lock is let go. Nothing else is wrong. */
const recorded: Answers = (query, at = NOW) =>
  query.source !== 'diagnostics' ? healthy(query) : at < LET_GO ? blocking(14, [idleRoot], at) : blocking(0, [], at);

async function open(answers: Answers, pack: Pack = testPack(), more = '') {
  const sources = fakeSources({ answers });
  const url = `/?watch=terminate%40${COPIED}${more}`;
  const page = renderPage(<RunbookView pack={pack} runbook={pack.runbooks[0]!} />, { sources, url });
  const watch = await screen.findByTestId(testIds.runbook.watch);
  await waitFor(() => expect(screen.getByTestId(testIds.triage.footer)).toHaveAttribute('data-done', 'true'));
  return { ...page, sources, watch };
}

describe('a watch on a page that was loaded anew', () => {
  it('says what worked, from the rounds that the service recorded', async () => {
    const { sources, watch } = await open(recorded);
    expect(watch).toHaveAttribute('data-state', 'worked');
    expect(watch).toHaveTextContent(/14 → 0 in/);
    const past = sources.evaluated.flatMap(({ at }) => (at === undefined ? [] : [at]));
    expect(past[0]).toBe(COPIED);
    expect(past.length).toBeGreaterThan(2);
    expect(past.length).toBeLessThanOrEqual(8);
    // The look at now stays as it was: the past is asked beside it, about this fix alone.
    expect(sources.evaluated.filter(({ at }) => at !== undefined).every(({ plan }) => plan.queries.length === 1)).toBe(
      true
    );
  });

  it('says what changed nothing, with the undo', async () => {
    const { watch } = await open((query, at) => (query.source === 'diagnostics' ? lockedUpAt(at) : healthy(query)));
    expect(watch).toHaveAttribute('data-state', 'no-change');
    expect(watch).toHaveTextContent('Undo it: none needed.');
  });

  it('says that it came back', async () => {
    const { watch } = await open((query, at = NOW) =>
      query.source === 'diagnostics' && at >= NOW - 5_000 ? lockedUpAt(at) : recorded(query, at)
    );
    expect(watch).toHaveAttribute('data-state', 'relapsed');
  });

  it('cannot tell where nothing of then was recorded, however well all is now', async () => {
    const nothing = failure('no-series', 'nothing was recorded');
    const { watch } = await open((query, at) => (at === undefined ? recorded(query) : nothing));
    expect(watch).toHaveAttribute('data-state', 'unknown');
    expect(watch).toHaveTextContent(/how it was before the command is not known/);
  });

  it('cannot tell where the rounds between are missing: it may have been good before the command', async () => {
    const { watch } = await open((query, at) =>
      at === undefined || at === COPIED ? recorded(query, at) : failure('no-series', 'nothing was recorded')
    );
    expect(watch).toHaveAttribute('data-state', 'unknown');
  });

  it('names the old value in the undo, and not what the command made of it', async () => {
    const pack = testPack();
    const [locks, ...others] = pack.runbooks;
    const fix = { ...locks!.fixes['terminate']!, rollback: 'put {{lock-waiters.waiting}} back, as {{role}}' };
    const inputs = { role: { title: 'Role', kind: 'columns' as const } };
    const changed = { ...pack, runbooks: [{ ...locks!, fixes: { terminate: { ...fix, inputs } } }, ...others] };
    const { watch } = await open(
      (query, at = NOW) =>
        query.source === 'diagnostics' ? (at > COPIED ? blocking(3, [idleRoot], at) : lockedUpAt(at)) : healthy(query),
      changed,
      '&watch-role=owner'
    );
    expect(watch).toHaveTextContent('Undo it: put 14 back, as owner.');
  });
});

function lockedUpAt(at = NOW): Reading {
  const reading = lockedUp({ id: 'q', source: 'diagnostics', expr: '', cost: 1, signals: [] });
  return reading?.kind === 'check' ? { ...reading, check: { ...reading.check, askedAt: at }, askedAt: at } : reading!;
}
