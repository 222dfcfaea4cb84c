import { parseDuration } from './duration';
import type { TimeRange } from './timeRange';

/** Prometheus refuses more points than this. */
const MOST_POINTS = 11_000;
const DEFAULT_POINTS = 100;
const DEFAULT_SCRAPE = '15s';

/** Rounded interval for everything below the limit, in milliseconds: Grafana's `roundInterval`. */
const ROUNDING: Array<[below: number, interval: number]> = [
  [15, 10],
  [35, 20],
  [75, 50],
  [150, 100],
  [350, 200],
  [750, 500],
  [1500, 1000],
  [3500, 2000],
  [7500, 5000],
  [12_500, 10_000],
  [17_500, 15_000],
  [25_000, 20_000],
  [45_000, 30_000],
  [90_000, 60_000],
  [210_000, 120_000],
  [450_000, 300_000],
  [750_000, 600_000],
  [1_050_000, 900_000],
  [1_500_000, 1_200_000],
  [2_700_000, 1_800_000],
  [5_400_000, 3_600_000],
  [9_000_000, 7_200_000],
  [16_200_000, 10_800_000],
  [32_400_000, 21_600_000],
  [86_400_000, 43_200_000],
  [604_800_000, 86_400_000],
  [1_814_400_000, 604_800_000],
  [3_628_800_000, 2_592_000_000],
];
const YEAR_MS = 31_536_000_000;

interface StepOptions extends TimeRange {
  /** The query's own minimum, e.g. `5s`. */
  interval?: string;
  /** The data source's scrape interval (`jsonData.timeInterval`). */
  timeInterval?: string;
  intervalMs?: number;
  maxDataPoints?: number;
}

/** The data source's or the query's smallest step, in milliseconds. */
export function smallestStep({ interval, timeInterval, intervalMs }: StepOptions): number {
  const own = parseDuration(interval) ?? parseDuration(timeInterval) ?? parseDuration(DEFAULT_SCRAPE) ?? 0;
  return intervalMs !== undefined && !interval ? Math.max(own, intervalMs) : own;
}

/** The step of a Prometheus query in milliseconds, as Grafana's backend calculates it. */
export function stepOf(options: StepOptions): number {
  const { from, to, maxDataPoints = DEFAULT_POINTS } = options;
  const range = Math.max(to - from, 0);
  const calculated = Math.max(roundInterval(range / Math.max(maxDataPoints, 1)), smallestStep(options));
  const safe = range / MOST_POINTS;
  return calculated > safe ? calculated : roundInterval(safe);
}

function roundInterval(ms: number): number {
  return ROUNDING.find(([below]) => ms < below)?.[1] ?? YEAR_MS;
}
