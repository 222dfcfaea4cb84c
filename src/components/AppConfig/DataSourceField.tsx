import React from 'react';
import { DataSourcePicker } from '@grafana/runtime';
import { Field } from '@grafana/ui';
import { testIds } from '../testIds';
import { FIELD_WIDTH } from './fieldWidth';

interface Props {
  type: 'prometheus' | 'loki';
  name: string;
  optional?: boolean;
  description: string;
  /** Of the chosen data source; empty: none. */
  uid: string;
  onChoose: (uid: string) => void;
}

export function DataSourceField({ type, name, optional, description, uid, onChoose }: Props) {
  return (
    <Field label={optional ? `${name} (optional)` : name} description={description}>
      <div data-testid={testIds.config[type]}>
        <DataSourcePicker
          type={type}
          current={uid || null}
          noDefault
          width={FIELD_WIDTH}
          placeholder={`Choose a ${name} data source`}
          inputId={`lr-${type}`}
          onChange={(chosen) => onChoose(chosen.uid)}
          onClear={() => onChoose('')}
        />
      </div>
    </Field>
  );
}
