import React, { useState } from 'react';
import { Button, ConfirmModal } from '@grafana/ui';
import type { FilledFix } from '@live-runbooks/engine';
import { testIds } from '../../components/testIds';
import { copyText } from '../../grafana/copyText';
import { copyRule } from '../../view/fixState';

interface Props {
  filled: FilledFix;
  onCopied: () => void;
}

/** Copies the command; asks first when it is destructive or does not fit what is the case now. */
export function CopyCommand({ filled, onCopied }: Props) {
  const [asking, setAsking] = useState(false);
  const [result, setResult] = useState<'copied' | 'failed'>();
  const rule = copyRule(filled);
  const copy = async () => {
    setAsking(false);
    const copied = await copyText(filled.command.trim());
    setResult(copied ? 'copied' : 'failed');
    if (copied) {
      onCopied();
    }
  };
  return (
    <>
      <Button
        size="sm"
        variant="secondary"
        icon={result === 'copied' ? 'check' : 'copy'}
        disabled={rule.kind === 'never'}
        tooltip={rule.kind === 'never' ? rule.why : undefined}
        aria-label={`Copy the command: ${filled.fix.title}`}
        data-testid={testIds.runbook.copy}
        onClick={() => (rule.kind === 'confirm' ? setAsking(true) : void copy())}
      >
        {result === 'copied' ? 'Copied' : result === 'failed' ? 'Select it by hand' : 'Copy'}
      </Button>
      {rule.kind === 'confirm' && (
        <ConfirmModal
          isOpen={asking}
          title={`Copy “${filled.fix.title}”?`}
          body={
            <ul>
              {rule.warnings.map((w) => (
                <li key={w}>{w}</li>
              ))}
            </ul>
          }
          description={[
            filled.reach,
            filled.where && `Run on ${filled.where}`,
            filled.rollback && `Undo: ${filled.rollback}`,
          ]
            .filter(Boolean)
            .join('. ')}
          confirmText="Copy anyway"
          confirmButtonVariant={filled.fix.risk === 'destructive' ? 'destructive' : 'primary'}
          onConfirm={() => void copy()}
          onDismiss={() => setAsking(false)}
        />
      )}
    </>
  );
}
