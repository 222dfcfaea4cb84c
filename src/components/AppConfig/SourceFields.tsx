import React from 'react';
import { Field, Input } from '@grafana/ui';
import { DEFAULT_REFRESH_SECONDS } from '../../grafana/settings';
import { testIds } from '../testIds';
import { DataSourceField } from './DataSourceField';
import { FIELD_WIDTH } from './fieldWidth';
import type { ConfigForm } from './form';

interface Props {
  form: ConfigForm;
  problem: string | undefined;
  onChange: (change: Partial<ConfigForm>) => void;
}

export function SourceFields({ form, problem, onChange }: Props) {
  return (
    <>
      <DataSourceField
        type="prometheus"
        name="Prometheus"
        description="Source of metrics and alert rules."
        uid={form.prometheusUid}
        onChoose={(prometheusUid) => onChange({ prometheusUid })}
      />
      <DataSourceField
        type="loki"
        name="Loki"
        optional
        description="Source of log signals; without it they show as not checked."
        uid={form.lokiUid}
        onChoose={(lokiUid) => onChange({ lokiUid })}
      />
      <Field
        label="Refresh interval (0 = off)"
        description="Seconds between two evaluations while a page is visible."
        invalid={problem !== undefined}
        error={problem}
      >
        <Input
          id="lr-refresh"
          width={FIELD_WIDTH}
          value={form.refreshSeconds}
          placeholder={String(DEFAULT_REFRESH_SECONDS)}
          suffix="s"
          data-testid={testIds.config.refresh}
          onChange={(event) => onChange({ refreshSeconds: event.currentTarget.value })}
        />
      </Field>
    </>
  );
}
