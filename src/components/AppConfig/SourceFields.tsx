import React from 'react';
import { DataSourcePicker } from '@grafana/runtime';
import { Field, Input } from '@grafana/ui';
import { DEFAULT_REFRESH_SECONDS } from '../../grafana/settings';
import { testIds } from '../testIds';
import type { ConfigForm } from './form';

interface Props {
  form: ConfigForm;
  problem: string | undefined;
  onChange: (change: Partial<ConfigForm>) => void;
}

const WIDTH = 60;

export function SourceFields({ form, problem, onChange }: Props) {
  return (
    <>
      <Field label="Prometheus" description="Source of metrics and alert rules.">
        <div data-testid={testIds.config.prometheus}>
          <DataSourcePicker
            type="prometheus"
            current={form.prometheusUid || null}
            noDefault
            width={WIDTH}
            placeholder="Choose a Prometheus data source"
            inputId="lr-prometheus"
            onChange={(chosen) => onChange({ prometheusUid: chosen.uid })}
            onClear={() => onChange({ prometheusUid: '' })}
          />
        </div>
      </Field>
      <Field label="Loki (optional)" description="Source of log signals; without it they show as not checked.">
        <div data-testid={testIds.config.loki}>
          <DataSourcePicker
            type="loki"
            current={form.lokiUid || null}
            noDefault
            width={WIDTH}
            placeholder="Choose a Loki data source"
            inputId="lr-loki"
            onChange={(chosen) => onChange({ lokiUid: chosen.uid })}
            onClear={() => onChange({ lokiUid: '' })}
          />
        </div>
      </Field>
      <Field
        label="Refresh interval (0 = off)"
        description="Seconds between two evaluations while a page is visible."
        invalid={problem !== undefined}
        error={problem}
      >
        <Input
          id="lr-refresh"
          width={WIDTH}
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
