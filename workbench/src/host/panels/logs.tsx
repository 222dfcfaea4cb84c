import { css } from '@emotion/css';
import {
  FieldType,
  PanelPlugin,
  dateTimeFormat,
  type DataFrame,
  type GrafanaTheme2,
  type PanelProps,
} from '@grafana/data';
import { ScrollContainer, useStyles2, useTheme2 } from '@grafana/ui';
import React, { useMemo } from 'react';
import { NoData } from './NoData';
import { optionDefaults } from './defaults';

interface LogsOptions {
  showTime: boolean;
  wrapLogMessage: boolean;
  sortOrder: 'Ascending' | 'Descending';
}

interface LogLine {
  at: number;
  text: string;
  level: string;
}

const MOST_LINES = 1000;

function LogsPanel({ data, options, width, height, timeZone }: PanelProps<LogsOptions>) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const lines = useMemo(() => {
    const oldestFirst = data.series.flatMap(linesOf).sort((a, b) => a.at - b.at);
    return (options.sortOrder === 'Ascending' ? oldestFirst : oldestFirst.reverse()).slice(0, MOST_LINES);
  }, [data.series, options.sortOrder]);
  if (lines.length === 0) {
    return <NoData data={data} />;
  }
  const whiteSpace = options.wrapLogMessage ? 'pre-wrap' : 'pre';
  return (
    <div style={{ width, height }}>
      <ScrollContainer>
        {lines.map((line, i) => (
          <div key={i} className={styles.line}>
            <span className={styles.level} style={{ background: levelColor(line.level, theme) }} title={line.level} />
            {options.showTime && (
              <span className={styles.time}>{dateTimeFormat(line.at, { timeZone, defaultWithMS: true })}</span>
            )}
            <span style={{ whiteSpace }}>{line.text}</span>
          </div>
        ))}
      </ScrollContainer>
    </div>
  );
}

/** The lines of a log frame: `Line`, `body` or the first string field, with the level of its labels where there is one. */
function linesOf(frame: DataFrame): LogLine[] {
  const time = frame.fields.find((field) => field.type === FieldType.time);
  const text =
    frame.fields.find((field) => field.type === FieldType.string && /^(body|line|message)$/i.test(field.name)) ??
    frame.fields.find((field) => field.type === FieldType.string);
  const labels = frame.fields.find((field) => field.name === 'labels');
  if (!time || !text) {
    return [];
  }
  return Array.from({ length: frame.length }, (_, i) => {
    const own = (labels?.values[i] ?? text.labels ?? {}) as Record<string, string>;
    const level = own['detected_level'] ?? own['level'] ?? 'unknown';
    return { at: time.values[i], text: String(text.values[i]), level: level.toLowerCase() };
  });
}

function levelColor(level: string, { visualization, colors }: GrafanaTheme2): string {
  const hue = {
    critical: 'purple',
    fatal: 'purple',
    error: 'red',
    err: 'red',
    warn: 'yellow',
    warning: 'yellow',
    info: 'green',
    debug: 'blue',
  }[level];
  return hue ? visualization.getColorByName(hue) : colors.text.disabled;
}

const getStyles = (theme: GrafanaTheme2) => ({
  line: css({
    display: 'flex',
    gap: theme.spacing(1),
    padding: theme.spacing(0.125, 0.5),
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: theme.typography.bodySmall.fontSize,
    '&:hover': { background: theme.colors.action.hover },
  }),
  level: css({ width: 3, flexShrink: 0, alignSelf: 'stretch' }),
  time: css({ color: theme.colors.text.secondary, whiteSpace: 'nowrap' }),
});

export const logs = new PanelPlugin<LogsOptions>(LogsPanel).setPanelOptions((builder) =>
  optionDefaults(builder, {
    showTime: true,
    wrapLogMessage: true,
    sortOrder: 'Descending',
    enableLogDetails: true,
    showLabels: false,
    dedupStrategy: 'none',
  })
);
