/**
 * Does this service get the CPU that it wants? A timer that comes late, and time that its thread spends waiting for a
 * CPU, say that it does not. What it then calls silence of a server may be its own.
 */
import { readFileSync } from 'node:fs';
import { round3 } from '../model/clock';
import type { Starved } from '../model/round';

/** Totals of the thread that runs the service, ms. */
export interface CpuTime {
  /** It ran. */
  readonly ranMs: number;
  /** It was ready to run, and waited for a CPU. */
  readonly waitedMs: number;
}

interface Tick {
  readonly at: number;
  readonly lagMs: number;
  readonly cpu: CpuTime | undefined;
}

const TICK_MS = 50;
/** Some rounds long: one calm moment does not end a starvation. */
const WINDOW_MS = 10_000;
/** A sixth of what a server is given to answer. */
const LATE_MS = 100;
/** Waiting for a CPU a tenth of the time, and longer than it ran, … */
const WAITING = 0.1;
const SHARE = 0.5;
/** … seen for long enough to mean something. */
const ENOUGH_MS = 1000;

/** Keeps what a clock and the system said. Times are on one monotonic clock, ms. */
export class Starvation {
  private ticks: Tick[] = [];

  /** `lagMs`: how late this tick came. `cpu`: undefined where the system does not tell. */
  tick(at: number, lagMs: number, cpu: CpuTime | undefined): void {
    this.ticks.push({ at, lagMs, cpu });
    while (this.ticks.length > 2 && (this.ticks[1]?.at ?? at) <= at - WINDOW_MS) {
      this.ticks.shift();
    }
  }

  /** What was measured within the window that ends `at`; a tick that is overdue then counts as late already. */
  measured(at: number): Starved {
    const first = this.ticks[0];
    const last = this.ticks.at(-1);
    if (first === undefined || last === undefined) {
      return { lagMs: 0, cpuShare: null, windowSeconds: 0 };
    }
    const lagMs = Math.max(at - last.at - TICK_MS, ...this.ticks.map((tick) => tick.lagMs), 0);
    const [ran, waited] = spentBetween(first, last);
    const wanted = ran + waited;
    return {
      lagMs: Math.round(lagMs),
      cpuShare: first.cpu === undefined || wanted <= 0 ? null : round3(ran / wanted),
      windowSeconds: round3((at - first.at) / 1000),
    };
  }

  /** Null while it gets what it needs. */
  now(at: number): Starved | null {
    const measured = this.measured(at);
    const [first, last] = [this.ticks[0], this.ticks.at(-1)];
    const seenMs = first === undefined || last === undefined ? 0 : last.at - first.at;
    const [, waited] = first === undefined || last === undefined ? [0, 0] : spentBetween(first, last);
    const short =
      seenMs >= ENOUGH_MS && waited / seenMs >= WAITING && measured.cpuShare !== null && measured.cpuShare < SHARE;
    return measured.lagMs >= LATE_MS || short ? measured : null;
  }
}

const spentBetween = ({ cpu: from }: Tick, { cpu: to }: Tick): readonly [ranMs: number, waitedMs: number] =>
  from === undefined || to === undefined ? [0, 0] : [to.ranMs - from.ranMs, to.waitedMs - from.waitedMs];

/** Measures this process from now on. `stop` ends that. */
export function watchStarvation(): { readonly starvation: Starvation; readonly stop: () => void } {
  const starvation = new Starvation();
  let last = performance.now();
  starvation.tick(last, 0, cpuTime());
  const timer = setInterval(() => {
    const at = performance.now();
    starvation.tick(at, Math.max(0, at - last - TICK_MS), cpuTime());
    last = at;
  }, TICK_MS);
  timer.unref();
  return { starvation, stop: () => clearInterval(timer) };
}

/** Linux says it of the main thread, which is the one that runs the service. */
function cpuTime(): CpuTime | undefined {
  try {
    const [ran, waited] = readFileSync('/proc/self/schedstat', 'utf8').split(' ').map(Number);
    return ran === undefined || waited === undefined || Number.isNaN(ran + waited)
      ? undefined
      : { ranMs: ran / 1e6, waitedMs: waited / 1e6 };
  } catch {
    return undefined;
  }
}
