import { readFileSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import { beforeAll, describe, expect, it } from 'vitest';
import { overviewDashboard } from '../src/generate/dashboards';
import { loadPacks } from '../src/loadPacks';

interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: Array<{ refId: string; expr: string }>;
  fieldConfig?: {
    defaults: {
      unit?: string;
      noValue?: string;
      min?: number;
      custom?: { axisSoftMax?: number };
      thresholds?: { steps: Array<{ value: number | null }> };
    };
  };
  links?: Array<{ url: string }>;
}

describe('the overview dashboard', () => {
  let panels: Panel[];
  let drawn: Panel[];
  let text: string;

  beforeAll(() => {
    const built = overviewDashboard(loadPacks('runbooks').loaded.map(({ pack }) => pack));
    text = `${JSON.stringify(built, null, 2)}\n`;
    panels = built.panels as unknown as Panel[];
    drawn = panels.filter(({ type }) => type !== 'row');
  });

  it('is up to date in dashboards/', () => {
    expect(readFileSync('dashboards/overview.json', 'utf8') === text, 'run `live-runbooks generate dashboards`').toBe(
      true
    );
  });

  it('has at most 20 panels, each with an id of its own', () => {
    expect(drawn.length).toBeGreaterThan(10);
    expect(drawn.length).toBeLessThanOrEqual(20);
    const ids = panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Math.min(...ids)).toBeGreaterThanOrEqual(1);
  });

  it('places them on the grid without overlap', () => {
    const taken = new Map<string, string>();
    for (const { title, gridPos } of panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          const cell = `${x},${y}`;
          expect(taken.get(cell), `${title} lies on another panel at ${cell}`).toBeUndefined();
          taken.set(cell, title);
        }
      }
    }
  });

  it('has titles that a screen of 1400 px shows whole, beside the icons of the header', () => {
    // beside Grafana's docked menu, and measured there: a column of the grid, a character, the icons and margins
    const [column, character, icons] = [44, 8, 88];
    for (const { title, gridPos } of drawn) {
      expect(title.length * character + icons, `${title} on ${gridPos.w} columns`).toBeLessThanOrEqual(
        gridPos.w * column
      );
    }
  });

  it('keeps a readable axis where all is zero: from 0 to a soft maximum that fits the thresholds and the unit', () => {
    for (const { title, type, fieldConfig } of drawn.filter((panel) => panel.type === 'timeseries')) {
      const { min, unit, custom, thresholds } = fieldConfig?.defaults ?? {};
      expect([type, min], title).toEqual(['timeseries', 0]);
      const first = thresholds?.steps.flatMap(({ value }) => value ?? [])[0] ?? 0;
      expect(custom?.axisSoftMax, title).toBeGreaterThanOrEqual(Math.min(first, 1));
      expect(custom?.axisSoftMax, title).toBeLessThanOrEqual(unit === 'percentunit' ? 1 : Math.max(1, 2 * first));
    }
  });

  it('says of every panel what it shows, in which unit, and what no data means', () => {
    for (const { title, description, fieldConfig, links } of drawn) {
      expect(description, title).toBeTruthy();
      expect(fieldConfig?.defaults.unit, title).toBeTruthy();
      expect(fieldConfig?.defaults.noValue, title).toBeTruthy();
      expect(links?.[0]?.url, title).toMatch(
        /^\/a\/liverunbooks-troubleshooting-app\/(triage|runbooks\/[\w-]+\/[\w-]+)\?/
      );
    }
  });

  it('asks questions that Prometheus can parse, each with a refId', () => {
    for (const { title, targets = [] } of drawn) {
      expect(targets.length, title).toBeGreaterThan(0);
      expect(new Set(targets.map(({ refId }) => refId)).size, title).toBe(targets.length);
      for (const { expr } of targets) {
        expect(expr).not.toMatch(/\{\{|17m/);
        const wrong: string[] = [];
        const asked = expr.replaceAll('$__rate_interval', '5m');
        parser.parse(asked).iterate({
          enter: ({ type, from, to }) => void (type.isError && wrong.push(asked.slice(from - 10, to + 10))),
        });
        expect(wrong, `${title}: ${asked}`).toEqual([]);
      }
    }
  });

  it('draws the thresholds of the signals', () => {
    const steps = drawn
      .find(({ title }) => title === 'Queue')
      ?.fieldConfig?.defaults.thresholds?.steps.map(({ value }) => value);
    expect(steps).toEqual([null, 1000, 5000]);
  });
});
