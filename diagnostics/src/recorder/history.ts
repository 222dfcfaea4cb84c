/** What one check said over time: few enough points to draw, and every change of its state. */
import type { CheckResult } from '@live-runbooks/engine';

export type State = CheckResult['state'];

export interface Point {
  /** ms since the epoch. */
  readonly at: number;
  readonly state: State;
  readonly value: number | null;
}

export interface Change {
  readonly at: number;
  /** null where recording begins: what was before is not known. */
  readonly from: State | null;
  readonly to: State;
}

/** A time without rounds, ms since the epoch; unknown, neither good nor bad. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** Every change of state, `points` ascending. After a gap the state before is not known. */
export function changesOf(points: readonly Point[], gaps: readonly Gap[]): Change[] {
  const changes: Change[] = [];
  for (const [index, point] of points.entries()) {
    const before = points[index - 1];
    const blind = before === undefined || gaps.some((gap) => gap.from >= before.at && gap.to <= point.at);
    if (blind || before.state !== point.state) {
      changes.push({ at: point.at, from: blind ? null : before.state, to: point.state });
    }
  }
  return changes;
}

/** Changes of one answer. */
export const MOST_CHANGES = 1000;

const WORST_LAST: readonly State[] = ['ok', 'unknown', 'warning', 'critical'];

/**
 * At most `most` points: first, last, every change of state with the point before it, and of each of the equal slices of time
 * between them the lowest and the highest value, so that no peak is lost. With more changes than fit, the worst and the best
 * state of each slice.
 */
export function reduce(points: readonly Point[], most: number): Point[] {
  if (points.length <= most) {
    return [...points];
  }
  const kept = new Set<Point>();
  for (const [index, point] of points.entries()) {
    const before = points[index - 1];
    if (before === undefined || index === points.length - 1) {
      kept.add(point);
    } else if (before.state !== point.state) {
      kept.add(before).add(point);
    }
  }
  if (kept.size > most) {
    return extremesOfStates(points, Math.max(1, Math.floor((most - 2) / 2)));
  }
  const slices = Math.floor((most - kept.size) / 2);
  const first = points[0]?.at ?? 0;
  const width = ((points.at(-1)?.at ?? first) - first + 1) / Math.max(1, slices);
  if (slices > 0) {
    const extremes = new Map<number, { low: Point; high: Point }>();
    for (const point of points) {
      if (point.value === null) {
        continue;
      }
      const slice = Math.floor((point.at - first) / width);
      const seen = extremes.get(slice);
      if (seen === undefined) {
        extremes.set(slice, { low: point, high: point });
      } else if (point.value < (seen.low.value ?? Infinity)) {
        seen.low = point;
      } else if (point.value > (seen.high.value ?? -Infinity)) {
        seen.high = point;
      }
    }
    for (const { low, high } of extremes.values()) {
      kept.add(low).add(high);
    }
  }
  return points.filter((point) => kept.has(point));
}

/** First, last, and of each slice of time the first point of its best and of its worst state. */
function extremesOfStates(points: readonly Point[], slices: number): Point[] {
  const first = points[0]?.at ?? 0;
  const width = ((points.at(-1)?.at ?? first) - first + 1) / slices;
  const rank = (point: Point): number => WORST_LAST.indexOf(point.state);
  const extremes = new Map<number, { best: Point; worst: Point }>();
  for (const point of points) {
    const slice = Math.floor((point.at - first) / width);
    const seen = extremes.get(slice) ?? { best: point, worst: point };
    extremes.set(slice, {
      best: rank(point) < rank(seen.best) ? point : seen.best,
      worst: rank(point) > rank(seen.worst) ? point : seen.worst,
    });
  }
  const kept = new Set([...extremes.values()].flatMap(({ best, worst }) => [best, worst]));
  return points.filter((point, index) => kept.has(point) || index === 0 || index === points.length - 1);
}

/** The times inside `[from, to]` that no stretch of recording covers. */
export function gapsOf(
  stretches: ReadonlyArray<{ readonly began: number; readonly lasted: number }>,
  from: number,
  to: number
): Gap[] {
  const gaps: Gap[] = [];
  let covered = from;
  for (const { began, lasted } of [...stretches].sort((a, b) => a.began - b.began)) {
    if (began > covered && covered < to) {
      gaps.push({ from: covered, to: Math.min(began, to) });
    }
    covered = Math.max(covered, lasted);
  }
  if (covered < to) {
    gaps.push({ from: covered, to });
  }
  return gaps;
}
