import {
  DashboardCursorSync,
  FieldColorModeId,
  FieldType,
  PanelPlugin,
  dateTimeFormat,
  getDisplayProcessor,
  getFieldDisplayName,
  type DataFrame,
  type GrafanaTheme2,
  type PanelProps,
} from '@grafana/data';
import type { TooltipDisplayMode, VizLegendOptions } from '@grafana/schema';
import { EventBusPlugin, SeriesTable, TimeSeries, TooltipPlugin2, usePanelContext, useTheme2 } from '@grafana/ui';
import { applyNullInsertThreshold } from '@ui-internal/graveyard/GraphNG/nullInsertThreshold';
import React, { useMemo } from 'react';
import { NoData } from './NoData';
import { fieldDefaults, optionDefaults } from './defaults';
import { timeseriesFieldDefaults } from './timeseriesDefaults';

interface TimeSeriesOptions {
  legend: VizLegendOptions;
  tooltip: { mode: TooltipDisplayMode; maxWidth?: number };
}

/** `TooltipHoverMode` of `@grafana/ui`, a const enum that its package does not keep at run time. */
const HOVER_ONE = 0;
const HOVER_ALL = 1;

function TimeSeriesPanel(props: PanelProps<TimeSeriesOptions>) {
  const { data, options, width, height, timeRange, timeZone, onChangeTimeRange } = props;
  const theme = useTheme2();
  const { sync, eventsScope } = usePanelContext();
  const frames = useMemo(
    () => drawable(data.series, theme, timeRange.from.valueOf(), timeRange.to.valueOf()),
    [data.series, theme, timeRange]
  );
  if (frames.length === 0) {
    return <NoData data={data} />;
  }
  const { mode, maxWidth } = options.tooltip;
  return (
    <TimeSeries
      frames={frames}
      structureRev={data.structureRev}
      timeRange={timeRange}
      timeZone={timeZone}
      width={width}
      height={height}
      legend={options.legend}
    >
      {(uPlotConfig, aligned) => (
        <>
          <EventBusPlugin config={uPlotConfig} eventBus={props.eventBus} frame={aligned} />
          {mode !== 'none' && (
            <TooltipPlugin2
              config={uPlotConfig}
              hoverMode={mode === 'single' ? HOVER_ONE : HOVER_ALL}
              queryZoom={onChangeTimeRange}
              clientZoom
              syncMode={sync?.() ?? DashboardCursorSync.Off}
              syncScope={eventsScope}
              maxWidth={maxWidth}
              render={(_plot, indexes, hovered) => (
                <Tooltip
                  frame={aligned}
                  indexes={indexes}
                  hovered={hovered}
                  onlyHovered={mode === 'single'}
                  timeZone={timeZone}
                />
              )}
            />
          )}
        </>
      )}
    </TimeSeries>
  );
}

interface TooltipProps {
  frame: DataFrame;
  indexes: Array<number | null>;
  hovered: number | null;
  onlyHovered: boolean;
  timeZone: string;
}

function Tooltip({ frame, indexes, hovered, onlyHovered, timeZone }: TooltipProps) {
  const at = indexes.find((index) => index !== null && index !== undefined);
  const series = frame.fields.flatMap((field, i) => {
    const index = indexes[i];
    const hidden = i === 0 || (onlyHovered && i !== hovered) || field.config.custom?.hideFrom?.tooltip;
    if (hidden || index === null || index === undefined || !field.display) {
      return [];
    }
    const { color, prefix = '', text, suffix = '' } = field.display(field.values[index]);
    return [
      { color, label: getFieldDisplayName(field, frame), value: `${prefix}${text}${suffix}`, isActive: i === hovered },
    ];
  });
  const timestamp = at === undefined || at === null ? '' : dateTimeFormat(frame.fields[0]?.values[at], { timeZone });
  return (
    <div style={{ padding: 8 }}>
      <SeriesTable series={series} timestamp={timestamp} />
    </div>
  );
}

/**
 * Puts the nulls of gaps in. GraphNG marks a frame when it has done so and then skips it on the next layout, so it is
 * done here, on a copy.
 */
function drawable(series: DataFrame[], theme: GrafanaTheme2, from: number, to: number): DataFrame[] {
  let seriesIndex = 0;
  return series
    .filter(
      (frame) =>
        frame.length > 0 &&
        has(frame, FieldType.time) &&
        (has(frame, FieldType.number) || has(frame, FieldType.boolean))
    )
    .map((frame) => {
      const copy = { ...frame, fields: frame.fields.map((field) => ({ ...field, state: { ...field.state } })) };
      return applyNullInsertThreshold({ frame: copy, refFieldPseudoMin: from, refFieldPseudoMax: to });
    })
    .map((frame) => {
      for (const field of frame.fields) {
        field.display ??= getDisplayProcessor({ field, theme });
        if (field.type !== FieldType.time) {
          field.state = { ...field.state, seriesIndex: seriesIndex++ };
        }
      }
      return frame;
    });
}

const has = (frame: DataFrame, type: FieldType) => frame.fields.some((field) => field.type === type);

export const timeseries = new PanelPlugin<TimeSeriesOptions>(TimeSeriesPanel)
  .useFieldConfig({
    standardOptions: { color: { defaultValue: { mode: FieldColorModeId.PaletteClassic } } } as never,
    useCustomConfig: (builder) => fieldDefaults(builder, timeseriesFieldDefaults),
  })
  .setPanelOptions((builder) =>
    optionDefaults(builder, {
      'legend.showLegend': true,
      'legend.displayMode': 'list',
      'legend.placement': 'bottom',
      'legend.calcs': [],
      'tooltip.mode': 'single',
      'tooltip.sort': 'none',
    })
  );
