import React from 'react';
import { Button } from '@grafana/ui';
import { Notice } from '../Notice';
import { testIds } from '../testIds';

interface Props {
  /** What the link says. */
  text: string;
  onDismiss: () => void;
}

/** Says that the page does not show the time that its link asks for, so that nobody reads the present as that time. */
export function UnreadableTime({ text, onDismiss }: Props) {
  return (
    <Notice
      icon="exclamation-triangle"
      tone="warning"
      data-testid={testIds.toolbar.unreadableTime}
      action={
        <Button size="sm" variant="secondary" onClick={onDismiss}>
          Show now
        </Button>
      }
    >
      <strong>This link asks for a time that cannot be read: “{text}”. The page shows the present.</strong> A time is
      milliseconds since 1970, an ISO time, or relative, such as now-30m.
    </Notice>
  );
}
