import React, { useState } from 'react';
import { Button } from '@grafana/ui';
import type { EstateSettings } from '@live-runbooks/engine';
import { copyText } from '../../grafana/copyText';
import { estateText } from '../../view/estateText';
import { testIds } from '../testIds';

/** The estate as a file, to be kept in a repository. */
export function CopyEstate({ estate }: { estate: EstateSettings }) {
  const [copied, setCopied] = useState<EstateSettings>();
  return (
    <Button
      variant="secondary"
      size="sm"
      icon="copy"
      data-testid={testIds.config.copyEstate}
      onClick={() => void copyText(estateText(estate)).then((done) => setCopied(done ? estate : undefined))}
    >
      {copied === estate ? 'Copied' : 'Copy as estate.yaml'}
    </Button>
  );
}
