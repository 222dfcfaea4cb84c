import React, { useId } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Field, Input, useStyles2 } from '@grafana/ui';
import type { FilledFix, FilledInput } from '@live-runbooks/engine';
import { testIds } from '../../components/testIds';

interface Props {
  filled: FilledFix;
  onType: (name: string, value: string) => void;
}

/** What a person fills in before the command can be copied, and what it would change. */
export function FixInputs({ filled, onType }: Props) {
  const styles = useStyles2(getStyles);
  if (filled.inputs.length === 0) {
    return null;
  }
  return (
    <div className={styles.inputs}>
      {filled.inputs.map((input) => (
        <FixInput
          key={input.name}
          input={input}
          refused={filled.fix.changes?.to === input.name ? filled.change?.refused : undefined}
          onType={onType}
        />
      ))}
      {filled.change && <span className={styles.change}>{filled.change.says}</span>}
    </div>
  );
}

function FixInput({
  input,
  refused,
  onType,
}: {
  input: FilledInput;
  refused: string | undefined;
  onType: Props['onType'];
}) {
  const id = useId();
  const error = input.problem ?? refused;
  return (
    <Field
      label={input.title}
      description={input.hint}
      invalid={error !== undefined}
      error={error}
      noMargin
      htmlFor={id}
    >
      <Input
        id={id}
        width={input.kind === 'columns' ? 40 : 16}
        value={input.value}
        spellCheck={false}
        data-testid={testIds.runbook.fixInput(input.name)}
        onChange={(event) => onType(input.name, event.currentTarget.value)}
      />
    </Field>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  inputs: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1, 2), alignItems: 'flex-end' }),
  change: css({ color: theme.colors.text.secondary, fontVariantNumeric: 'tabular-nums' }),
});
