import React from 'react';
import type { SourceHealth } from '@live-runbooks/sources';
import { configurationUrl } from '../url/links';
import { Banner } from './Banner';
import { PageLink } from './PageLink';

interface Props {
  health: readonly SourceHealth[] | undefined;
  mayConfigure: boolean;
  onRetry: () => void;
}

const NAMES = { prometheus: 'Prometheus', diagnostics: 'The diagnostics service', loki: 'Loki' } as const;
const SAYS = {
  unreachable: 'cannot be reached',
  forbidden: 'refuses to answer',
  missing: 'is not configured',
} as const;

/** The sources without which most of the page is blind. Loki is optional, so it is only listed in the strip. */
export function SourceTrouble({ health, mayConfigure, onRetry }: Props) {
  const troubled = health?.filter((h) => h.source !== 'loki' && h.state !== 'reachable') ?? [];
  if (troubled.length === 0) {
    return null;
  }
  return (
    <>
      {troubled.map((h) => (
        <Banner
          key={h.source}
          severity="warning"
          title={`${NAMES[h.source]} ${h.state === 'reachable' ? '' : SAYS[h.state]}: what it sees is not checked`}
          onRetry={onRetry}
        >
          {h.mend} <span>({h.detail})</span>{' '}
          {mayConfigure && <PageLink to={configurationUrl()}>Open the configuration</PageLink>}
        </Banner>
      ))}
    </>
  );
}
