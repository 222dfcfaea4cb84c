import React from 'react';
import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { testIds } from '../../components/testIds';
import { homeOf } from '../../estate/home';
import type { FromService } from '../../packs/library';
import { testPack } from '../../testing/pack';
import { fakeSources, healthy } from '../../testing/readings';
import { renderPage } from '../../testing/renderPage';
import { RunbooksPage } from './RunbooksPage';

const ids = testIds.runbooks;
const OURS = {
  ...{ folder: 'ours', files: { locks: 'ours/locks.yaml' }, stale: false },
  pack: { ...testPack(), id: 'ours', title: 'Ours' },
};
const open = (served: FromService) =>
  renderPage(<RunbooksPage />, { sources: fakeSources({ answers: healthy }), served });
const row = (name: string) => {
  const found = screen.getAllByTestId(ids.row).find(({ dataset }) => dataset.runbook === name);
  return within(found!);
};

describe('the list of runbooks', () => {
  it('says of each where it comes from', () => {
    open({ served: { packs: [OURS], problems: [] } });
    expect(screen.getByTestId(ids.pack('shop'))).toHaveTextContent(/Shop\s*2 runbooks · built in/);
    expect(row('shop/locks').queryByText(/built in/i)).not.toBeInTheDocument();
    expect(row('ours/locks').getByText(/From the service: ours\/locks\.yaml$/)).toBeInTheDocument();
    expect(screen.queryByTestId(testIds.packProblems)).not.toBeInTheDocument();
  });

  it('shows what is wrong with a pack by file and line, and the others all the same', () => {
    const message = 'the signal `checkout-dwn` does not exist; did you mean `checkout-down`?';
    open({ served: { packs: [OURS], problems: [{ file: 'bad/a.yaml', line: 16, severity: 'error', message }] } });
    expect(screen.getByTestId(testIds.packProblems)).toHaveTextContent(`bad/a.yaml:16 ${message}`);
    expect(screen.getAllByTestId(ids.row)).toHaveLength(2 * testPack().runbooks.length);
  });

  it('lists what is off as off, and leads to no page that would evaluate it', () => {
    const home = homeOf({ packs: { shop: { off: true } } }, { answer: { kind: 'none' } });
    renderPage(<RunbooksPage />, {
      sources: fakeSources({ answers: healthy }),
      served: { served: { packs: [OURS], problems: [] } },
      home,
    });
    expect(row('shop/locks').getByText(/ · Off$/)).toBeInTheDocument();
    expect(row('shop/locks').queryByRole('link')).not.toBeInTheDocument();
    expect(row('ours/locks').getByRole('link')).toBeInTheDocument();
  });

  it('says when the service cannot be asked: that is not the same as no packs', () => {
    open({ failure: { reason: 'query-error', detail: 'HTTP 502', mend: 'Start it.' } });
    expect(screen.getByTestId(testIds.packsUnasked)).toHaveTextContent('is not known (HTTP 502). Start it.');
  });
});
