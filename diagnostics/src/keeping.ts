/**
 * Everything that the service keeps, put together: the flight recorder and the incidents in `state.directory`, and the
 * custom packs of `packs.directory`. Without a directory the routes are there and say what to configure.
 */
import { join } from 'node:path';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Config } from './config/load';
import { customPackRoutes } from './customPacks/routes';
import { WatchedPacks } from './customPacks/watched';
import type { Extension } from './http/extension';
import { incidentRoutes } from './incidents/routes';
import { IncidentLog } from './incidents/log';
import type { Round } from './model/round';
import { EvidenceShelf } from './recorder/evidence';
import { Recorder } from './recorder/recorder';
import { pastRoundOf, type PastRounds, pastRoundsOf, recorderOff, recorderRoutes } from './recorder/routes';
import { StoreUnavailable } from './store/failure';
import type { StoreLog, StoreStatus } from './store/store';
import { EvidenceCollector } from './webhooks/evidence';
import { webhookRoutes } from './webhooks/routes';

export type Stores = Partial<Record<'recorder' | 'incidents', StoreStatus['state']>>;

export interface KeepingOptions {
  readonly targets: readonly string[];
  /** A full round of every target, at most an interval old. */
  readonly takeRounds: () => Promise<readonly Round[]>;
  readonly scrub: (text: string) => string;
  readonly log: StoreLog;
}

export class Keeping {
  readonly extensions: readonly Extension[];
  private readonly recorder: Recorder | undefined;
  private readonly incidents: IncidentLog | undefined;
  private readonly packs: WatchedPacks | undefined;

  constructor(
    private readonly config: Pick<Config, 'state' | 'packs' | 'backgroundSeconds'>,
    { targets, takeRounds, scrub, log }: KeepingOptions
  ) {
    const { directory, keepHours, recorderMegabytes, incidentsMegabytes } = config.state;
    if (directory !== undefined) {
      this.recorder = new Recorder({
        file: join(directory, 'recorder.db'),
        keepHours,
        maxBytes: recorderMegabytes * 1_000_000,
        gapMs: this.gapMs(),
        log,
      });
      this.incidents = new IncidentLog({
        file: join(directory, 'incidents.db'),
        maxBytes: incidentsMegabytes * 1_000_000,
        log,
      });
    }
    if (config.packs.directory !== undefined) {
      this.packs = new WatchedPacks({ directory: config.packs.directory, log });
    }
    const shelf = this.recorder === undefined ? undefined : new EvidenceShelf(this.recorder);
    this.extensions = [
      recorderRoutes({ recorder: this.recorder, targets }),
      webhookRoutes({
        kept: shelf === undefined ? undefined : { shelf, collector: new EvidenceCollector({ shelf, takeRounds }) },
      }),
      incidentRoutes({ incidents: this.incidents, scrub }),
      customPackRoutes(this.packs),
    ];
  }

  /** Opens the files and reads the packs; what is wrong with them is reported, not thrown. */
  async start(): Promise<void> {
    this.recorder?.start();
    this.incidents?.start();
    await this.packs?.start();
  }

  /** Never throws. */
  record(round: Round): void {
    this.recorder?.record(round);
  }

  /** The last round before a restart, when so little time passed that nothing was missed. */
  lastRound(target: string): Round | undefined {
    try {
      const round = this.recorder?.last(target);
      return round !== undefined && Date.now() - round.startedAt <= this.gapMs() ? round : undefined;
    } catch (error) {
      if (error instanceof StoreUnavailable) {
        return undefined;
      }
      throw error;
    }
  }

  /** Errors: `ApiError`. */
  roundAt(target: string, at: number): Round {
    return pastRoundOf(this.required(), target, at);
  }

  /** Errors: `ApiError`. */
  roundsAt(targets: readonly string[], at: number): PastRounds {
    return pastRoundsOf(this.required(), targets, at);
  }

  /** Undefined when nothing is kept. */
  stores(): Stores | undefined {
    if (this.recorder === undefined || this.incidents === undefined) {
      return undefined;
    }
    return { recorder: this.recorder.status().state, incidents: this.incidents.status().state };
  }

  /** The metrics of the stores and of the packs. */
  measure(registry: Registry): void {
    const { recorder, incidents, packs } = this;
    const registers = [registry];
    if (recorder !== undefined && incidents !== undefined) {
      const stores = () => [['recorder', recorder.status()] as const, ['incidents', incidents.status()] as const];
      const ofStores = (name: string, help: string, value: (status: StoreStatus) => number | null) =>
        new Gauge({
          name,
          help,
          labelNames: ['store'] as const,
          registers,
          collect() {
            for (const [store, status] of stores()) {
              const now = value(status);
              if (now === null) {
                this.remove({ store });
              } else {
                this.set({ store }, now);
              }
            }
          },
        });
      ofStores('live_runbooks_store_up', '1 when it can be written, 0 when not', ({ state }) =>
        state === 'ok' ? 1 : 0
      );
      ofStores('live_runbooks_store_bytes', 'Bytes in use; no sample while it is not open', ({ bytes }) => bytes);
      ofStores(
        'live_runbooks_store_set_aside',
        'Damaged files set aside since the start',
        ({ setAside }) => setAside.length
      );
      const counted = (name: string, help: string, value: () => number) =>
        new Counter({
          name,
          help,
          registers,
          collect() {
            this.reset();
            this.inc(value());
          },
        });
      counted('live_runbooks_recorded_rounds_total', 'Rounds recorded', () => recorder.status().recorded);
      counted('live_runbooks_lost_rounds_total', 'Rounds that could not be recorded', () => recorder.status().lost);
    }
    if (packs !== undefined) {
      new Gauge({
        name: 'live_runbooks_custom_packs',
        help: 'Custom packs served; stale ones are broken now and served as they were',
        labelNames: ['stale'] as const,
        registers,
        collect() {
          const served = packs.last().packs;
          this.set({ stale: 'false' }, served.filter((pack) => !pack.stale).length);
          this.set({ stale: 'true' }, served.filter((pack) => pack.stale).length);
        },
      });
      new Gauge({
        name: 'live_runbooks_custom_pack_problems',
        help: 'Problems in the files of custom packs',
        registers,
        collect() {
          this.set(packs.last().problems.length);
        },
      });
    }
  }

  close(): void {
    this.packs?.close();
    this.incidents?.close();
    this.recorder?.close();
  }

  /** Longer without a round is a gap: a few rounds may be late. */
  private gapMs(): number {
    return Math.max(60_000, 3000 * this.config.backgroundSeconds);
  }

  private required(): Recorder {
    if (this.recorder === undefined) {
      throw recorderOff();
    }
    return this.recorder;
  }
}

/** Nothing configured: for whoever needs only the descriptions. */
export const nothingKept = (): Keeping =>
  new Keeping(
    { state: { keepHours: 24, recorderMegabytes: 256, incidentsMegabytes: 256 }, packs: {}, backgroundSeconds: 10 },
    {
      targets: [],
      takeRounds: () => Promise.resolve([]),
      scrub: (text) => text,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    }
  );
