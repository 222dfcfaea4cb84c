import {
  FieldColorModeId,
  PanelPlugin,
  VizOrientation,
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  type PanelProps,
  type ReduceDataOptions,
} from '@grafana/data';
import { config } from '@grafana/runtime';
import {
  BigValue,
  VizRepeater,
  type BigValueColorMode,
  type BigValueGraphMode,
  type BigValueJustifyMode,
  type BigValueTextMode,
} from '@grafana/ui';
import React from 'react';
import { NoData } from './NoData';
import { optionDefaults } from './defaults';

interface StatOptions {
  reduceOptions: ReduceDataOptions;
  orientation: VizOrientation;
  textMode: BigValueTextMode;
  colorMode: BigValueColorMode;
  graphMode: BigValueGraphMode;
  justifyMode: BigValueJustifyMode;
  showPercentChange: boolean;
}

function StatPanel(props: PanelProps<StatOptions>) {
  const { options, data, fieldConfig, timeZone, replaceVariables, width, height, renderCounter } = props;
  if (data.series.length === 0) {
    return <NoData data={data} />;
  }
  const { reduceOptions, graphMode, showPercentChange, orientation } = options;
  const { theme2: theme } = config;
  const getValues = () =>
    getFieldDisplayValues({
      fieldConfig,
      reduceOptions,
      replaceVariables,
      theme,
      timeZone,
      data: data.series,
      sparkline: graphMode !== 'none',
      percentChange: showPercentChange,
    });
  return (
    <VizRepeater
      getValues={getValues}
      getAlignmentFactors={(values) => getDisplayValueAlignmentFactors(values)}
      renderValue={(each) => (
        <BigValue
          value={each.value.display}
          sparkline={each.value.sparkline}
          count={each.count}
          width={each.width}
          height={each.height}
          alignmentFactors={each.alignmentFactors}
          colorMode={options.colorMode}
          graphMode={graphMode}
          justifyMode={options.justifyMode}
          textMode={options.textMode}
          theme={theme}
        />
      )}
      width={width}
      height={height}
      source={data}
      renderCounter={renderCounter}
      autoGrid
      orientation={orientation}
      itemSpacing={3}
    />
  );
}

export const stat = new PanelPlugin<StatOptions>(StatPanel)
  .useFieldConfig({ standardOptions: { color: { defaultValue: { mode: FieldColorModeId.Thresholds } } } as never })
  .setPanelOptions((builder) =>
    optionDefaults(builder, {
      'reduceOptions.values': false,
      'reduceOptions.calcs': ['lastNotNull'],
      'reduceOptions.fields': '',
      orientation: VizOrientation.Auto,
      textMode: 'auto',
      colorMode: 'value',
      graphMode: 'area',
      justifyMode: 'auto',
      wideLayout: true,
      showPercentChange: false,
    })
  );
