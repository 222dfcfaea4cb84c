import React from 'react';
import { Button } from '@grafana/ui';
import { clock } from '../words/amounts';
import { Notice } from './Notice';

interface Props {
  at: number;
  now: number;
  /** What of the diagnostics service is known of then. */
  known: string | undefined;
  onNow: () => void;
}

/** Says that the page shows the past, so that nobody acts on it as if it were now. */
export function PastNotice({ at, now, known, onNow }: Props) {
  return (
    <Notice
      icon="history"
      tone="unknown"
      action={
        <Button size="sm" variant="secondary" onClick={onNow}>
          Back to now
        </Button>
      }
    >
      <strong>As it was at {clock(at, now)}</strong>, from what Prometheus and Loki recorded. {known} Source health
      shows the present.
    </Notice>
  );
}
