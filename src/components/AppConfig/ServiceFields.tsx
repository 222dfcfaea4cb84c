import React from 'react';
import { Field, Input, SecretInput } from '@grafana/ui';
import { testIds } from '../testIds';
import { FIELD_WIDTH } from './fieldWidth';
import type { ConfigForm } from './form';

interface Props {
  form: ConfigForm;
  problem: string | undefined;
  onChange: (change: Partial<ConfigForm>) => void;
}

export function ServiceFields({ form, problem, onChange }: Props) {
  return (
    <>
      <Field
        label="Address"
        description="Address at which Grafana's server reaches the service. Browsers do not connect to it."
        invalid={problem !== undefined}
        error={problem}
      >
        <Input
          id="lr-url"
          width={FIELD_WIDTH}
          value={form.diagnosticsUrl}
          placeholder="http://diagnostics:8090"
          data-testid={testIds.config.url}
          onChange={(event) => onChange({ diagnosticsUrl: event.currentTarget.value })}
        />
      </Field>
      <Field label="Token" description="Stored encrypted by Grafana, and never shown again.">
        <SecretInput
          id="lr-token"
          width={FIELD_WIDTH}
          isConfigured={form.token === undefined}
          value={form.token ?? ''}
          placeholder="The bearer token of the service"
          data-testid={testIds.config.token}
          onReset={() => onChange({ token: '' })}
          onChange={(event) => onChange({ token: event.currentTarget.value })}
        />
      </Field>
    </>
  );
}
