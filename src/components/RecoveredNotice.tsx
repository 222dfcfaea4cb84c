import React from 'react';
import type { WasTrue } from '@live-runbooks/engine';
import type { Recovered } from '../evaluation/useRecovered';
import { clock } from '../words/amounts';
import { recoveredWords } from '../words/recovered';
import { sentence, unbroken } from '../words/sentence';
import { Notice } from './Notice';
import { PageLink } from './PageLink';
import { testIds } from './testIds';

interface Props {
  recovered: Recovered | undefined;
  now: number;
  /** Where a cause is treated. */
  linkTo: (told: WasTrue) => string;
}

/** What was true until a moment ago. It stands below the answer of now, and in the colours of neither fault nor health. */
export function RecoveredNotice({ recovered, now, linkTo }: Props) {
  if (!recovered?.recorded) {
    return <NotRecorded recovered={recovered} now={now} />;
  }
  return (
    <>
      {recovered.causes.map((told) => (
        <Notice
          key={`${told.pack}/${told.runbook}/${told.cause}`}
          icon="history"
          tone="neutral"
          data-testid={testIds.recovered}
          action={<PageLink to={linkTo(told)}>Open runbook</PageLink>}
        >
          <strong>{unbroken(recoveredWords(told, now))}:</strong> {unbroken(sentence(told.says))}
        </Notice>
      ))}
    </>
  );
}

/** Says so where something recovered and nothing of then is known, rather than to guess. */
export function NotRecorded({ recovered, now }: Omit<Props, 'linkTo'>) {
  return !recovered || recovered.recorded ? null : (
    <Notice icon="history" tone="unknown" data-testid={testIds.recovered}>
      What was wrong before {clock(recovered.before, now)} is not recorded.
    </Notice>
  );
}
