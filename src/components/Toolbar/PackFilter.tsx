import React, { useId } from 'react';
import { Combobox } from '@grafana/ui';
import type { Pack } from '@live-runbooks/engine';
import { testIds } from '../testIds';

interface Props {
  packs: readonly Pack[];
  /** Whether there may be components. */
  components: boolean;
  value: string | undefined;
  onChange: (pack: string | undefined) => void;
}

const ALL = '';
/** In the place of a pack's id: all components, and no pack that has none. No pack is called so, for ids are slugs. */
export const COMPONENTS = '_components';

/** Which service to look at; all of them unless chosen. */
export function PackFilter({ packs, components, value, onChange }: Props) {
  const id = useId();
  const options = [
    { value: ALL, label: 'All services' },
    ...packs.map((p) => ({ value: p.id, label: p.title, description: p.description })),
    ...(components
      ? [{ value: COMPONENTS, label: 'Components', description: 'What was found, and what packs declare' }]
      : []),
  ];
  return (
    <div data-testid={testIds.toolbar.pack}>
      <label htmlFor={id} className="sr-only">
        Service
      </label>
      <Combobox
        id={id}
        width={24}
        options={options}
        value={value ?? ALL}
        onChange={(option) => onChange(option.value || undefined)}
      />
    </div>
  );
}
