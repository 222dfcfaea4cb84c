import { FieldType, createDataFrame, type DataFrame } from '@grafana/data';
import type { PrometheusQuery } from './prometheusQuery';

/** The backend answers with a frame for each series; the data source joins those of a table query, as Grafana's does. */
export function toTables(frames: DataFrame[], targets: PrometheusQuery[]): DataFrame[] {
  const wanted = targets.filter((target) => target.format === 'table').map((target) => target.refId);
  const tables = wanted.flatMap((refId) => {
    const series = frames.filter((frame) => frame.refId === refId && frame.fields.length > 1);
    return series.length > 0 ? [toTable(refId, series, targets.length > 1)] : [];
  });
  return [...frames.filter((frame) => !wanted.includes(frame.refId ?? '')), ...tables];
}

function toTable(refId: string, series: DataFrame[], oneOfMany: boolean): DataFrame {
  const rows = series.flatMap((frame) => {
    const [time, value] = frame.fields;
    return (time?.values ?? []).map((at: number, i: number) => ({
      at,
      value: value?.values[i],
      labels: value?.labels ?? {},
    }));
  });
  const labels = [...new Set(rows.flatMap((row) => Object.keys(row.labels)))].sort();
  return createDataFrame({
    refId,
    meta: { ...series[0]?.meta, preferredVisualisationType: 'table' },
    fields: [
      { name: 'Time', type: FieldType.time, values: rows.map((row) => row.at) },
      ...labels.map((name) => ({
        name,
        type: FieldType.string,
        config: { filterable: true },
        values: rows.map((row) => row.labels[name] ?? ''),
      })),
      { name: oneOfMany ? `Value #${refId}` : 'Value', type: FieldType.number, values: rows.map((row) => row.value) },
    ],
  });
}
