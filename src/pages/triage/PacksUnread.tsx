import React from 'react';
import { MendText } from '../../components/MendText';
import { Notice } from '../../components/Notice';
import { PageLink } from '../../components/PageLink';
import { testIds } from '../../components/testIds';
import type { PackLibrary } from '../../packs/library';
import { runbooksUrl } from '../../url/links';
import type { KnownHealth } from '../../view/sourceHealth';

interface Props {
  library: PackLibrary;
  health: readonly KnownHealth[] | undefined;
}

/** Packs of the service that are not evaluated. That the service as a whole fails is told beside it, once. */
export function PacksUnread({ library: { unread, unasked }, health }: Props) {
  const answers = health?.some(({ source, state }) => source === 'diagnostics' && state === 'reachable') ?? false;
  return (
    <>
      {unread
        .filter((one) => one !== unasked || answers)
        .map(({ what, detail, mend }) => (
          <Notice key={what} icon="exclamation-triangle" tone="warning" data-testid={testIds.triage.packsUnread}>
            <strong>Not evaluated: {what}</strong> ({detail}). <MendText text={mend} />{' '}
            <PageLink to={runbooksUrl()}>All runbooks</PageLink>
          </Notice>
        ))}
    </>
  );
}
