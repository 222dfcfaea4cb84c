import { PanelPlugin, cacheFieldDisplayNames, getFrameDisplayName, type PanelProps } from '@grafana/data';
import { config } from '@grafana/runtime';
import type { TableCellHeight, TableSortByFieldState } from '@grafana/schema';
import { Combobox } from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import React, { useMemo, useState } from 'react';
import { NoData } from './NoData';
import { fieldDefaults, optionDefaults } from './defaults';

interface TableOptions {
  showHeader: boolean;
  showTypeIcons?: boolean;
  sortBy?: TableSortByFieldState[];
  cellHeight?: TableCellHeight;
  frameIndex: number;
}

const FRAME_PICKER_HEIGHT = 40;

function TablePanel({ data, width, height, options, fieldConfig, timeRange, transparent }: PanelProps<TableOptions>) {
  const [selected, setSelected] = useState(options.frameIndex);
  const frames = useMemo(() => {
    cacheFieldDisplayNames(data.series);
    return data.series.filter((frame) => frame.fields.length > 0);
  }, [data.series]);
  const index = Math.min(selected, frames.length - 1);
  const frame = frames[index];
  if (!frame) {
    return <NoData data={data} />;
  }
  const pickerHeight = frames.length > 1 ? FRAME_PICKER_HEIGHT : 0;
  return (
    <div style={{ height, display: 'flex', flexDirection: 'column', gap: 8 }}>
      <TableNG
        height={height - pickerHeight}
        width={width}
        data={frame}
        noHeader={!options.showHeader}
        showTypeIcons={options.showTypeIcons}
        resizable
        initialSortBy={options.sortBy}
        cellHeight={options.cellHeight}
        timeRange={timeRange}
        fieldConfig={fieldConfig}
        structureRev={data.structureRev}
        transparent={transparent}
        disableSanitizeHtml={config.disableSanitizeHtml}
      />
      {pickerHeight > 0 && (
        <Combobox
          value={String(index)}
          options={frames.map((each, i) => ({ label: getFrameDisplayName(each), value: String(i) }))}
          onChange={(option) => setSelected(Number(option.value))}
        />
      )}
    </div>
  );
}

export const table = new PanelPlugin<TableOptions>(TablePanel)
  .useFieldConfig({
    useCustomConfig: (builder) =>
      fieldDefaults(builder, {
        width: undefined,
        minWidth: undefined,
        align: 'auto',
        cellOptions: { type: 'auto' },
        inspect: false,
        filterable: undefined,
        hidden: undefined,
        hideFrom: undefined,
        wrapText: undefined,
        wrapHeaderText: undefined,
        'footer.reducers': undefined,
      }),
  })
  .setPanelOptions((builder) =>
    optionDefaults(builder, {
      showHeader: true,
      showTypeIcons: false,
      sortBy: undefined,
      cellHeight: 'sm',
      frameIndex: 0,
    })
  );
