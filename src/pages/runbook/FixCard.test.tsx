import React from 'react';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Fix, Pack } from '@live-runbooks/engine';
import { testIds } from '../../components/testIds';
import { watchClipboard } from '../../testing/clipboard';
import { testPack } from '../../testing/pack';
import { renderPage } from '../../testing/renderPage';
import { fakeSources, lockedUp } from '../../testing/readings';
import { RunbookView } from './RunbookView';

let copied: readonly string[];
beforeEach(() => {
  copied = watchClipboard();
});

const ids = testIds.runbook;

/** The pack for tests with another fix in the place of its own. */
function packWith(change: Partial<Fix>): Pack {
  const pack = testPack();
  const [locks, ...others] = pack.runbooks;
  const fix = locks!.fixes['terminate']!;
  return { ...pack, runbooks: [{ ...locks!, fixes: { terminate: { ...fix, ...change } } }, ...others] };
}
async function open(change: Partial<Fix>) {
  const pack = packWith(change);
  renderPage(<RunbookView pack={pack} runbook={pack.runbooks[0]!} />, { sources: fakeSources({ answers: lockedUp }) });
  return screen.findByTestId(ids.fix('terminate'));
}

describe('a fix', () => {
  it('copies the command alone: words stand below it', async () => {
    const card = await open({
      command: 'VACUUM (ANALYZE) orders;',
      note: 'never FULL in an incident',
      on: { host: 'db', port: '5432', database: 'shop', role: 'the owner of the table' },
    });
    expect(card).toHaveTextContent('Never FULL in an incident.');
    expect(card).toHaveTextContent('db:5432, database shop, as the owner of the table');
    await userEvent.click(within(card).getByTestId(ids.copy));
    expect(copied).toEqual(['VACUUM (ANALYZE) orders;']);
  });

  it('cannot be copied before what is missing is filled in and valid, and copies it quoted', async () => {
    const card = await open({
      command: 'CREATE INDEX CONCURRENTLY ON orders ({{columns}});',
      inputs: { columns: { title: 'Columns', kind: 'columns' } },
    });
    const copy = () => within(card).getByTestId(ids.copy);
    const input = within(card).getByTestId(ids.fixInput('columns'));
    expect(copy()).toHaveAttribute('aria-disabled', 'true');
    await userEvent.type(input, 'tenant_id); DROP TABLE orders');
    expect(copy()).toHaveAttribute('aria-disabled', 'true');
    expect(card).toHaveTextContent('this is not names of columns');
    await userEvent.clear(input);
    await userEvent.type(input, 'tenant_id, created_at desc');
    await userEvent.click(copy());
    expect(copied).toEqual(['CREATE INDEX CONCURRENTLY ON orders ("tenant_id", "created_at" DESC);']);
  });

  it('refuses a target that is no rise, and says what is the case now', async () => {
    const card = await open({
      language: 'shell',
      command: 'kubectl scale deployment/api -n shop --replicas={{replicas}}',
      inputs: { replicas: { title: 'Replicas', kind: 'integer', default: '5' } },
      changes: { from: 'lock-waiters', to: 'replicas', must: 'rise' },
    });
    expect(card).toHaveTextContent('Replicas: 14 → 5');
    expect(card).toHaveTextContent('5 is not more than the present 14');
    const input = within(card).getByTestId(ids.fixInput('replicas'));
    await userEvent.clear(input);
    await userEvent.type(input, '20');
    await userEvent.click(within(card).getByTestId(ids.copy));
    expect(copied).toEqual(['kubectl scale deployment/api -n shop --replicas=20']);
  });

  it('is advice without a Copy when it has no command', async () => {
    const card = await open({ language: 'text', command: 'Ask for the next page by its key.' });
    expect(card).toHaveTextContent('Ask for the next page by its key.');
    expect(within(card).queryByTestId(ids.copy)).not.toBeInTheDocument();
  });

  it('asks before it is copied while something is so that should not be', async () => {
    const card = await open({ when: [], unless: ['idle-blocker'] });
    expect(within(card).getByTestId(ids.precondition)).toHaveAttribute('data-met', 'false');
    await userEvent.click(within(card).getByTestId(ids.copy));
    expect(copied).toEqual([]);
    expect(await screen.findByText(/should not be: The root blocker is idle/)).toBeInTheDocument();
  });

  it('says what becomes true when it worked', async () => {
    const card = await open({});
    expect(card).toHaveTextContent('No session waits for a lock, within 1 min.');
  });
});
