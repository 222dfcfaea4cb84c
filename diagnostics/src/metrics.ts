/** Metrics of the service itself, and each check's state and value, so that Prometheus can alert on them. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { REFUSALS, type Refusal } from './http/token';
import { STATES } from './model/check';
import type { Round, Starved } from './model/round';

export class Metrics {
  readonly registry = new Registry();
  private readonly rounds = new Counter({
    name: 'live_runbooks_rounds_total',
    help: 'Rounds taken, by the class of the target’s availability',
    labelNames: ['target', 'class'] as const,
    registers: [this.registry],
  });
  private readonly duration = new Histogram({
    name: 'live_runbooks_round_duration_seconds',
    help: 'How long a round took',
    labelNames: ['target'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 5],
    registers: [this.registry],
  });
  private readonly lastRound = new Gauge({
    name: 'live_runbooks_last_round_timestamp_seconds',
    help: 'When the last round of the target began',
    labelNames: ['target'] as const,
    registers: [this.registry],
  });
  private readonly state = new Gauge({
    name: 'live_runbooks_check_state',
    help: '1 for the present state of the check, 0 for the others',
    labelNames: ['target', 'check', 'state'] as const,
    registers: [this.registry],
  });
  private readonly value = new Gauge({
    name: 'live_runbooks_check_value',
    help: 'The value that the check’s thresholds judge; no sample while it is not known',
    labelNames: ['target', 'check'] as const,
    registers: [this.registry],
  });
  private readonly checkDuration = new Gauge({
    name: 'live_runbooks_check_duration_seconds',
    help: 'How long the check took in the last round',
    labelNames: ['target', 'check'] as const,
    registers: [this.registry],
  });
  private readonly refusals = new Counter({
    name: 'live_runbooks_refusals_total',
    help: 'Requests refused, by the code of the error',
    labelNames: ['code'] as const,
    registers: [this.registry],
  });
  private readonly unauthorized = new Counter({
    name: 'live_runbooks_unauthorized_total',
    help: 'Requests without the token, by what was wrong with their Authorization header',
    labelNames: ['reason'] as const,
    registers: [this.registry],
  });
  private readonly requests = new Counter({
    name: 'live_runbooks_http_requests_total',
    help: 'Requests answered, by route and status',
    labelNames: ['method', 'route', 'status'] as const,
    registers: [this.registry],
  });

  constructor(version: string) {
    for (const reason of REFUSALS) {
      // An alert on their increase needs a sample before the first one.
      this.unauthorized.inc({ reason }, 0);
    }
    collectDefaultMetrics({ register: this.registry });
    const build = new Gauge({
      name: 'live_runbooks_build_info',
      help: 'Version of the service',
      labelNames: ['version'] as const,
      registers: [this.registry],
    });
    build.set({ version }, 1);
  }

  /** Whether the service itself gets the CPU that it needs, read whenever the metrics are. */
  measureStarvation(measured: () => Starved, starved: () => Starved | null): void {
    const gauge = (name: string, help: string, read: () => number): void => {
      const made: Gauge = new Gauge({ name, help, registers: [this.registry], collect: () => made.set(read()) });
    };
    gauge(
      'live_runbooks_starved',
      '1 while this service gets too little CPU to accuse anybody of slowness or silence',
      () => (starved() === null ? 0 : 1)
    );
    gauge(
      'live_runbooks_event_loop_late_seconds',
      'The longest that the event loop of this service was late within the last seconds',
      () => measured().lagMs / 1000
    );
    gauge(
      'live_runbooks_cpu_share',
      'CPU time that this service got lately, of what it wanted; NaN where the system does not tell',
      () => measured().cpuShare ?? Number.NaN
    );
  }

  round(round: Round): void {
    const { target } = round;
    this.rounds.inc({ target, class: round.class });
    this.duration.observe({ target }, round.tookMs / 1000);
    this.lastRound.set({ target }, round.startedAt / 1000);
    for (const check of round.checks) {
      for (const state of STATES) {
        this.state.set({ target, check: check.id, state }, check.state === state ? 1 : 0);
      }
      this.checkDuration.set({ target, check: check.id }, check.tookMs / 1000);
      if (check.value === null) {
        this.value.remove({ target, check: check.id });
      } else {
        this.value.set({ target, check: check.id }, check.value);
      }
    }
  }

  refused(code: string): void {
    this.refusals.inc({ code });
  }

  notLetIn(reason: Refusal): void {
    this.unauthorized.inc({ reason });
  }

  answered(method: string, route: string, status: number): void {
    this.requests.inc({ method, route, status: String(status) });
  }
}
