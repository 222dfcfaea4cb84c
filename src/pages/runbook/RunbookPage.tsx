import React, { useMemo } from 'react';
import { Navigate, useLocation, useParams } from 'react-router-dom';
import { EmptyState, LoadingPlaceholder } from '@grafana/ui';
import { isEstate, type Pack } from '@live-runbooks/engine';
import { MendText } from '../../components/MendText';
import { PageFrame } from '../../components/PageFrame';
import { PageLink } from '../../components/PageLink';
import { testIds } from '../../components/testIds';
import { useLiveRunbooks } from '../../context/LiveRunbooks';
import { configurationUrl, runbooksUrl, runbookUrl } from '../../url/links';
import { RunbookView } from './RunbookView';
import { useRunbook, type FoundRunbook } from './useRunbook';

/** `/runbooks/:pack/:runbook`: one live runbook, of a pack or of a component that was found. */
export function RunbookPage() {
  const { pack: packId = '', runbook: runbookId = '' } = useParams();
  const { library, packs } = useLiveRunbooks();
  const { search, hash } = useLocation();
  const off = library.known.find(({ pack }) => isOf(packId, pack) && !packs.includes(pack));
  const result = useRunbook(packId, runbookId);
  const to = typeof result === 'object' && 'to' in result ? result.to : undefined;
  const found = typeof result === 'object' && 'runbook' in result ? result : undefined;
  const title = titleOf(found) ?? (result === 'asking' ? 'Runbook' : 'Unknown runbook');
  const pageNav = useMemo(() => ({ text: title, parentItem: { text: 'Runbooks', url: runbooksUrl() } }), [title]);
  if (to) {
    return <Navigate replace to={runbookUrl(to.pack, to.runbook) + search + hash} />;
  }
  return (
    <PageFrame pageNav={pageNav} subTitle={found?.runbook.summary}>
      {found ? (
        <RunbookView key={`${packId}/${runbookId}`} {...found} />
      ) : off ? (
        <div data-testid={testIds.runbook.off}>
          <EmptyState variant="not-found" message={`The pack “${off.pack.title}” is off`}>
            Its runbooks are evaluated nowhere. An admin may switch it on under{' '}
            <PageLink to={configurationUrl()}>Configuration</PageLink>.
          </EmptyState>
        </div>
      ) : result === 'asking' ? (
        <LoadingPlaceholder text="Asking what components there are" />
      ) : (
        <div data-testid={testIds.runbook.notFound}>
          <EmptyState variant="not-found" message={`There is no runbook “${packId}/${runbookId}”`}>
            {library.unread.length > 0
              ? library.unread.map(({ what, detail, mend }) => (
                  <p key={what}>
                    It may be of {what}, and could not be read: {detail}. <MendText text={mend} />
                  </p>
                ))
              : 'It may have been renamed. '}
            <PageLink to={runbooksUrl()}>All runbooks</PageLink>
          </EmptyState>
        </div>
      )}
    </PageFrame>
  );
}

/** Whether an address names the pack, or a component that it declares. */
function isOf(id: string, pack: Pack): boolean {
  return pack.id === id || (isEstate(pack) && pack.components?.some((one) => `${pack.id}.${one.id}` === id) === true);
}

/** Runbooks of two components have one title. */
function titleOf(found: FoundRunbook | undefined): string | undefined {
  return found?.component ? `${found.component.title}: ${found.runbook.title}` : found?.runbook.title;
}
