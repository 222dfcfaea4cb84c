import React, { useId, useState } from 'react';
import { Field, Input } from '@grafana/ui';
import type { BoundPack, ValueOrigin } from '@live-runbooks/engine';
import { testIds } from '../../components/testIds';

interface Props {
  name: string;
  bound: BoundPack;
  /** What the URL gives. */
  given: string | undefined;
  /** An empty text takes the parameter out of the URL. */
  onChange: (value: string) => void;
}

const ORIGINS: Readonly<Record<ValueOrigin, string>> = {
  url: 'from this link',
  label: 'from the alert',
  configured: 'configured',
  default: "the pack's default",
};

/** One parameter. It is applied on Enter or when the field is left, not with every key. */
export function Parameter({ name, bound, given, onChange }: Props) {
  const id = useId();
  const param = bound.pack.params[name];
  const problem = bound.problems[name];
  const value = given ?? bound.values[name] ?? '';
  const [text, setText] = useState(value);
  const [shown, setShown] = useState(value);
  if (shown !== value) {
    setShown(value);
    setText(value);
  }
  const origin = bound.from[name];
  const apply = () => {
    const trimmed = text.trim();
    if (trimmed !== value) {
      onChange(trimmed);
    }
  };
  return (
    <Field
      label={param?.title ?? name}
      description={problem ? undefined : `var-${name}${origin ? ` · ${ORIGINS[origin]}` : ''}`}
      invalid={problem !== undefined}
      error={problem && `${problem.message} ${problem.mend}`}
      noMargin
    >
      <Input
        id={id}
        value={text}
        data-testid={testIds.runbook.parameter(name)}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={apply}
        onKeyDown={(event) => event.key === 'Enter' && apply()}
      />
    </Field>
  );
}
