import React from 'react';
import { RefreshPicker } from '@grafana/ui';
import { testIds } from '../testIds';

interface Props {
  /** Seconds; 0 is never. */
  every: number;
  loading: boolean;
  onChange: (every: number) => void;
  onRefresh: () => void;
}

const SECONDS = [5, 10, 30, 60, 300];

/** Asks again now, or every so often. */
export function RefreshControl({ every, loading, onChange, onRefresh }: Props) {
  return (
    <div data-testid={testIds.toolbar.refresh}>
      <RefreshPicker
        value={every > 0 ? interval(every) : ''}
        intervals={SECONDS.map(interval)}
        isLoading={loading}
        noIntervalPicker={false}
        tooltip="Refresh"
        onRefresh={onRefresh}
        onIntervalChanged={(text) => onChange(seconds(text))}
      />
    </div>
  );
}

const interval = (s: number) => (s % 60 === 0 ? `${s / 60}m` : `${s}s`);

/** Seconds of an interval such as `10s` or `5m`; 0 for none. */
function seconds(text: string): number {
  const found = /^(\d+)(s|m)$/.exec(text);
  return found ? Number(found[1]) * (found[2] === 'm' ? 60 : 1) : 0;
}
