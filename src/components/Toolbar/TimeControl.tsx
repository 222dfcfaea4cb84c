import React from 'react';
import { dateTime } from '@grafana/data';
import { DateTimePicker, RadioButtonGroup, Stack } from '@grafana/ui';
import { testIds } from '../testIds';

interface Props {
  /** ms since the epoch; undefined is now. */
  at: number | undefined;
  clock: () => number;
  onChange: (at: number | undefined) => void;
}

const CHOICES = [
  { value: 'now', label: 'Now', description: 'Show the present, and refresh' },
  { value: 'past', label: 'At…', description: 'Show a moment in the past' },
] as const;

/** Now, or a moment in the past. */
export function TimeControl({ at, clock, onChange }: Props) {
  return (
    <Stack direction="row" gap={1} alignItems="center">
      <div data-testid={testIds.toolbar.time}>
        <RadioButtonGroup
          aria-label="Time to judge"
          options={[...CHOICES]}
          value={at === undefined ? 'now' : 'past'}
          onChange={(choice) => onChange(choice === 'now' ? undefined : (at ?? startOfMinute(clock())))}
        />
      </div>
      {at !== undefined && (
        <div data-testid={testIds.toolbar.at}>
          <DateTimePicker
            date={dateTime(at)}
            maxDate={new Date(clock())}
            onChange={(picked) => picked && onChange(picked.valueOf())}
            showSeconds
          />
        </div>
      )}
    </Stack>
  );
}

const startOfMinute = (ms: number) => ms - (ms % 60_000);
