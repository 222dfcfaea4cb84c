/** A pack that declares its components, among the packs that the plugin knows: docs/worked-example, as the service serves it. */
import React from 'react';
import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { testIds } from '../../src/components/testIds';
import { libraryOf } from '../../src/packs/library';
import { RunbooksPage } from '../../src/pages/runbooks/RunbooksPage';
import { testPack } from '../../src/testing/pack';
import { fakeSources, healthy } from '../../src/testing/readings';
import { renderPage } from '../../src/testing/renderPage';
import { ACME, SHIPPED_KINDS } from './workedExample';

const ids = testIds.runbooks;

describe('a pack that declares its components', () => {
  it('is in the list of runbooks, and its runbook leads to the component', () => {
    renderPage(<RunbooksPage />, {
      ...{ sources: fakeSources({ answers: healthy }), packs: [], kinds: SHIPPED_KINDS },
      served: { served: { packs: [ACME], problems: [] } },
    });
    expect(screen.getByTestId(ids.pack('acme'))).toHaveTextContent(
      '1 runbook · 9 components · from the service: acme/pack.yaml'
    );
    expect(within(screen.getByTestId(ids.row)).getByRole('link')).toHaveAttribute(
      'href',
      expect.stringMatching(/\/runbooks\/acme\.payments\/http-service-errors$/)
    );
    expect(screen.getByRole('link', { name: 'Acme Shop on Triage' })).toHaveAttribute(
      'href',
      expect.stringMatching(/\/triage\?pack=acme$/)
    );
  });

  it('is evaluated with the kinds of the plugin, and not where one of them is missing', () => {
    const kinds = new Map(SHIPPED_KINDS.map((kind) => [kind.id, kind]));
    const withAcme = (known: typeof kinds) =>
      libraryOf([testPack()], { served: { packs: [ACME], problems: [] } }, known);
    expect(idsOf(withAcme(kinds))).toEqual(['shop', 'acme']);
    kinds.delete('postgres');
    const without = withAcme(kinds);
    expect(idsOf(without)).toEqual(['shop']);
    expect(without.problems).toEqual([
      {
        ...{ file: 'acme/pack.yaml', line: 1, severity: 'error' },
        message:
          "the pack cannot be evaluated (the kind postgres is none of the plugin's): run the diagnostics service of the same version as the plugin",
      },
    ]);
    expect(without.unread).toHaveLength(1);
  });
});

function idsOf({ known }: ReturnType<typeof libraryOf>): string[] {
  return known.map(({ pack }) => pack.id);
}
