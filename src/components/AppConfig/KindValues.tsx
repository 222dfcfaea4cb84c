import React from 'react';
import { Field, Input } from '@grafana/ui';
import type { Component, ComponentSettings, Kinds } from '@live-runbooks/engine';
import { testIds } from '../testIds';
import { FIELD_WIDTH } from './fieldWidth';

interface Props {
  component: Component;
  kinds: Kinds;
  said: ComponentSettings;
  onChange: (said: ComponentSettings) => void;
}

/** The values of one component's parameters, by kind. Which series are its own is no parameter. */
export function KindValues({ component, kinds, said, onChange }: Props) {
  return (
    <details>
      <summary>Parameters</summary>
      {component.kinds.flatMap(({ kind: id }) => {
        const kind = kinds.get(id);
        return Object.entries(kind?.pack.params ?? {})
          .filter(([name]) => name !== kind?.identity.scope)
          .map(([name, param]) => (
            <Field key={`${id} ${name}`} label={param.title} description={`${kind?.title ?? id}: ${name}`}>
              <Input
                id={`lr-${component.id}-${id}-${name}`}
                width={FIELD_WIDTH}
                value={said.with?.[id]?.[name] ?? ''}
                placeholder={param.default ?? ''}
                data-testid={testIds.config.value(component.id, id, name)}
                onChange={(event) => onChange(withValue(said, id, name, event.currentTarget.value))}
              />
            </Field>
          ));
      })}
    </details>
  );
}

/** An empty text takes the value away. */
function withValue(said: ComponentSettings, kind: string, name: string, value: string): ComponentSettings {
  const { [name]: _old, ...rest } = said.with?.[kind] ?? {};
  const { [kind]: _kind, ...others } = said.with ?? {};
  const values = value === '' ? rest : { ...rest, [name]: value };
  const all = Object.keys(values).length > 0 ? { ...others, [kind]: values } : others;
  return { ...said, with: Object.keys(all).length > 0 ? all : undefined };
}
