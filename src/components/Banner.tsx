import React, { type ReactNode } from 'react';
import { Alert, Button, Stack, type AlertVariant } from '@grafana/ui';
import { testIds } from './testIds';

interface Props {
  title: string;
  severity?: AlertVariant;
  children?: ReactNode;
  onRetry?: () => void;
}

/** What failed, where it failed, and a way to try again. The rest of the page stays. */
export function Banner({ title, severity = 'error', children, onRetry }: Props) {
  return (
    <Alert title={title} severity={severity} bottomSpacing={0} data-testid={testIds.page.banner}>
      <Stack direction="column" gap={1} alignItems="flex-start">
        {children && <div>{children}</div>}
        {onRetry && (
          <Button size="sm" variant="secondary" icon="sync" onClick={onRetry} data-testid={testIds.page.retry}>
            Retry
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
