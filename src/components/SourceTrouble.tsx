import React from 'react';
import { CONFIGURATION_PAGE } from '@live-runbooks/sources';
import { Button } from '@grafana/ui';
import { configurationUrl } from '../url/links';
import type { KnownHealth } from '../view/sourceHealth';
import { MendText } from './MendText';
import { Notice } from './Notice';
import { PageLink } from './PageLink';
import { testIds } from './testIds';

interface Props {
  health: readonly KnownHealth[] | undefined;
  mayConfigure: boolean;
  onRetry: () => void;
}

const NAMES = { prometheus: 'Prometheus', diagnostics: 'The diagnostics service', loki: 'Loki' } as const;
const SAYS = {
  unreachable: 'cannot be reached',
  forbidden: 'refuses to answer',
  missing: 'is not configured',
  reachable: 'answers',
} as const;

/** The sources without which most of the page is blind. Loki is optional, so it is only listed in the strip. */
export function SourceTrouble({ health, mayConfigure, onRetry }: Props) {
  const troubled = health?.filter((h) => h.source !== 'loki' && h.state !== 'reachable') ?? [];
  return (
    <>
      {troubled.map((h) => (
        <Notice
          key={h.source}
          icon="exclamation-triangle"
          tone="warning"
          data-testid={testIds.page.banner}
          action={
            <Button size="sm" variant="secondary" icon="sync" onClick={onRetry} data-testid={testIds.page.retry}>
              Retry
            </Button>
          }
        >
          <strong>
            {NAMES[h.source]} {SAYS[h.state]}, so what it sees is not checked.
          </strong>{' '}
          {h.mend && <MendText text={h.mend} />} {h.state !== 'missing' && `(${h.detail}) `}
          {mayConfigure && !h.mend?.includes(CONFIGURATION_PAGE) && (
            <PageLink to={configurationUrl()}>Open the configuration</PageLink>
          )}
        </Notice>
      ))}
    </>
  );
}
