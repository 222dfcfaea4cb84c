import React, { useMemo } from 'react';
import { useParams } from 'react-router-dom';
import { EmptyState } from '@grafana/ui';
import { PageFrame } from '../../components/PageFrame';
import { PageLink } from '../../components/PageLink';
import { testIds } from '../../components/testIds';
import { useLiveRunbooks } from '../../context/LiveRunbooks';
import { findRunbook } from '../../packs/findRunbook';
import { runbooksUrl } from '../../url/links';
import { RunbookView } from './RunbookView';

/** `/runbooks/:pack/:runbook`: one live runbook. */
export function RunbookPage() {
  const { packs } = useLiveRunbooks();
  const { pack: packId = '', runbook: runbookId = '' } = useParams();
  const found = findRunbook(packs, packId, runbookId);
  const title = found?.runbook.title ?? 'Unknown runbook';
  const pageNav = useMemo(() => ({ text: title, parentItem: { text: 'Runbooks', url: runbooksUrl() } }), [title]);
  return (
    <PageFrame pageNav={pageNav} subTitle={found?.runbook.summary}>
      {found ? (
        <RunbookView key={`${packId}/${runbookId}`} {...found} />
      ) : (
        <div data-testid={testIds.runbook.notFound}>
          <EmptyState variant="not-found" message={`There is no runbook “${packId}/${runbookId}”`}>
            It may have been renamed. <PageLink to={runbooksUrl()}>All runbooks</PageLink>
          </EmptyState>
        </div>
      )}
    </PageFrame>
  );
}
