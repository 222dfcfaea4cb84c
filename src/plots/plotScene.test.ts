import { SceneFlexItem, SceneFlexLayout, VizPanel } from '@grafana/scenes';
import { describe, expect, it } from 'vitest';
import { plotScene, type PlotOf } from './plotScene';

const of: PlotOf = { kind: 'prometheus', uid: 'prometheus', expr: 'up', title: 'Up', unit: 'short', above: true };

function custom(change: Partial<PlotOf>) {
  const { body } = plotScene({ ...of, ...change }).state;
  const item = (body as SceneFlexLayout).state.children[0] as SceneFlexItem;
  return (item.state.body as VizPanel).state.fieldConfig.defaults.custom as Record<string, unknown>;
}

describe('the axis of a plot whose values are all zero', () => {
  it.each([
    ['percentunit', 0.01, 0.02],
    ['percentunit', 0.9, 1],
    ['s', 60, 120],
    ['bytes', 1_000_000, 2_000_000],
    ['short', 0, 1],
    ['short', undefined, 1],
  ])('in %s with the threshold %s ends at %s', (unit, threshold, end) => {
    expect(custom({ unit, threshold })).toMatchObject({ axisSoftMin: 0, axisSoftMax: end });
  });
});
