import { ThresholdsMode } from '@grafana/data';
import {
  EmbeddedScene,
  PanelBuilders,
  SceneFlexItem,
  SceneFlexLayout,
  SceneQueryRunner,
  SceneTimeRange,
} from '@grafana/scenes';
import { softMaximum } from '@live-runbooks/engine';
import { GraphThresholdsStyleMode, LegendDisplayMode, TooltipDisplayMode } from '@grafana/schema';

export interface PlotOf {
  readonly kind: 'prometheus' | 'loki';
  readonly uid: string;
  readonly expr: string;
  readonly title: string;
  readonly unit: string;
  readonly threshold?: number;
  /** Whether values above the threshold are the bad ones. */
  readonly above: boolean;
  /** The moment that is judged, ms; undefined is now. */
  readonly at?: number;
}

const HALF_AN_HOUR_MS = 30 * 60_000;
const AFTER_MS = 5 * 60_000;

/** A time series of the query with its threshold as a line: the half hour before the judged moment. */
export function plotScene(of: PlotOf): EmbeddedScene {
  const { kind, uid, expr, title, unit, threshold, above, at } = of;
  const panel = PanelBuilders.timeseries()
    .setTitle(title)
    .setUnit(unit)
    .setCustomFieldConfig('fillOpacity', 8)
    .setCustomFieldConfig('lineWidth', 2)
    // Soft ends: a line at zero keeps a readable axis, and what goes beyond is drawn all the same.
    .setCustomFieldConfig('axisSoftMin', 0)
    .setCustomFieldConfig('axisSoftMax', softMaximum(threshold, unit))
    .setOption('legend', { displayMode: LegendDisplayMode.List, placement: 'bottom', calcs: [], showLegend: true })
    .setOption('tooltip', { mode: TooltipDisplayMode.Multi });
  if (threshold !== undefined) {
    panel
      .setThresholds({
        mode: ThresholdsMode.Absolute,
        steps: above
          ? [
              { value: -Infinity, color: 'green' },
              { value: threshold, color: 'red' },
            ]
          : [
              { value: -Infinity, color: 'red' },
              { value: threshold, color: 'green' },
            ],
      })
      .setCustomFieldConfig('thresholdsStyle', { mode: GraphThresholdsStyleMode.Dashed });
  }
  return new EmbeddedScene({
    $timeRange:
      at === undefined
        ? new SceneTimeRange({ from: 'now-30m', to: 'now' })
        : new SceneTimeRange({
            from: new Date(at - HALF_AN_HOUR_MS).toISOString(),
            to: new Date(at + AFTER_MS).toISOString(),
          }),
    $data: new SceneQueryRunner({
      datasource: { type: kind, uid },
      // A loop of refreshes would outlive the interest in a plot: it is drawn once, when it is opened.
      queries: [
        kind === 'loki' ? { refId: 'A', expr, queryType: 'range' } : { refId: 'A', expr, range: true, instant: false },
      ],
      maxDataPoints: 240,
    }),
    body: new SceneFlexLayout({
      direction: 'column',
      children: [new SceneFlexItem({ minHeight: 220, body: panel.build() })],
    }),
  });
}
