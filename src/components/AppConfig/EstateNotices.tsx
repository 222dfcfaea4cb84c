import React from 'react';
import { Button } from '@grafana/ui';
import type { EstateSettings } from '@live-runbooks/engine';
import type { EstateHome } from '../../estate/home';
import { clock, count } from '../../words/amounts';
import { MendText } from '../MendText';
import { Notice } from '../Notice';
import { testIds } from '../testIds';
import { CopyEstate } from './CopyEstate';
import type { Clash } from './useEstateDraft';

interface Props {
  home: EstateHome;
  clash: Clash | undefined;
  /** Takes what the settings hold over what the service keeps. */
  onTake: (left: EstateSettings) => void;
}

/** Where the estate is kept, and what stands in the way of changing it. */
export function EstateNotices({ home, clash, onTake }: Props) {
  const { where, kept, left, failure, isToMove, mend } = home;
  return (
    <div data-testid={testIds.config.estateHome} data-where={where}>
      {failure ? (
        <Notice icon="exclamation-triangle" tone="warning" data-testid={testIds.config.estateFailure}>
          <strong>
            {kept ? 'The estate cannot be changed now: it is as it was read last.' : 'The estate is not known now.'}
          </strong>{' '}
          The diagnostics service keeps it ({failure.detail}). <MendText text={failure.mend} />
        </Notice>
      ) : clash ? (
        <Notice icon="exclamation-triangle" tone="warning" data-testid={testIds.config.estateClash}>
          <strong>{clash.by ?? 'Somebody else'} changed the estate meanwhile, and nothing was saved.</strong>{' '}
          {clash.both.length > 0
            ? `You both changed ${clash.both.join(', ')}: below is what you said. `
            : 'Below are the changes of both. '}
          Look at it, and save again.
        </Notice>
      ) : isToMove ? (
        <Notice icon="info-circle" tone="neutral" data-testid={testIds.config.estateToMove}>
          What is said here is still in the settings of the plugin. Saving moves it to the diagnostics service, which
          keeps it for everybody who asks.
        </Notice>
      ) : left ? (
        <Notice
          icon="info-circle"
          tone="neutral"
          data-testid={testIds.config.estateLeft}
          action={
            <>
              <CopyEstate estate={left} />
              <Button variant="secondary" size="sm" onClick={() => onTake(left)}>
                Use it
              </Button>
            </>
          }
        >
          The diagnostics service keeps the estate. The settings of the plugin hold another one, which is not used (
          {count(Object.keys(left.components ?? {}).length, 'component')}).
        </Notice>
      ) : (
        <p>{homeWords(home, mend, kept?.writtenAt)}</p>
      )}
    </div>
  );
}

function homeWords({ where, kept }: EstateHome, mend: string | undefined, writtenAt: number | undefined): string {
  if (where === 'settings') {
    return ['Kept in the settings of the plugin.', mend].filter(Boolean).join(' ');
  }
  const last =
    writtenAt === undefined ? '' : `; last changed by ${kept?.writtenBy ?? 'somebody'} at ${clock(writtenAt, 0)}`;
  return `Kept by the diagnostics service${last}.`;
}
