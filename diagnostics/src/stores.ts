/**
 * Everything that the service keeps, put together: the flight recorder, the evidence of alerts, the incidents and the estate in
 * `state.directory`, and the custom packs of `packs.directory`. Without a directory the routes are there and say what to configure.
 */
import { join } from 'node:path';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Config } from './config/load';
import { customPackRoutes } from './customPacks/routes';
import { WatchedPacks } from './customPacks/watched';
import { EstateBook } from './estate/book';
import { estateRoutes } from './estate/routes';
import { EvidenceShelf } from './evidence/shelf';
import type { Extension } from './http/extension';
import { incidentRoutes } from './incidents/routes';
import { IncidentLog } from './incidents/log';
import type { Round } from './model/round';
import { SHORT_UNKNOWN_MS } from './model/since';
import { Recorder } from './recorder/recorder';
import { pastRoundOf, type PastRounds, pastRoundsOf, recorderOff, recorderRoutes } from './recorder/routes';
import { ROUND_BUDGET_MS } from './rounds/sharedRounds';
import { DamagedRow } from './store/damagedRow';
import { StoreUnavailable } from './store/failure';
import { type Loss, LOSS_KINDS, Losses, STORES, type StoreName } from './store/losses';
import type { StoreLog, StoreStatus } from './store/store';
import { EvidenceCollector } from './webhooks/evidence';
import { webhookRoutes } from './webhooks/routes';

export interface StoresHealth {
  readonly stores: Readonly<Record<StoreName, StoreStatus['state']>>;
  /** What was lost since the start. */
  readonly losses: readonly Loss[];
}

export interface StoresOptions {
  readonly targets: readonly string[];
  /** A full round of every target, at most an interval old. */
  readonly takeRounds: () => Promise<readonly Round[]>;
  readonly scrub: (text: string) => string;
  readonly log: StoreLog;
}

export class Stores {
  readonly extensions: readonly Extension[];
  private readonly recorder: Recorder | undefined;
  private readonly incidents: IncidentLog | undefined;
  private readonly estate: EstateBook | undefined;
  private readonly shelf: EvidenceShelf | undefined;
  private readonly packs: WatchedPacks | undefined;
  private readonly losses: Losses;

  constructor(
    private readonly config: Pick<Config, 'state' | 'packs' | 'backgroundSeconds' | 'requireIdentity'>,
    { targets, takeRounds, scrub, log }: StoresOptions
  ) {
    const { directory, keepHours, recorderMegabytes, evidenceMegabytes, incidentsMegabytes } = config.state;
    const losses = new Losses(log);
    this.losses = losses;
    if (directory !== undefined) {
      this.recorder = new Recorder({
        file: join(directory, 'recorder.db'),
        keepHours,
        maxBytes: recorderMegabytes * 1_000_000,
        gapMs: this.gapMs(),
        log,
        losses,
      });
      this.shelf = new EvidenceShelf({
        file: join(directory, 'evidence.db'),
        maxBytes: evidenceMegabytes * 1_000_000,
        roundAt: (target, ms) => this.recordedAt(target, ms),
        log,
        losses,
      });
      this.estate = new EstateBook({ file: join(directory, 'estate.db'), log, losses });
      this.incidents = new IncidentLog({
        file: join(directory, 'incidents.db'),
        maxBytes: incidentsMegabytes * 1_000_000,
        log,
        losses,
      });
    }
    if (config.packs.directory !== undefined) {
      this.packs = new WatchedPacks({ directory: config.packs.directory, log });
    }
    const { shelf } = this;
    this.extensions = [
      recorderRoutes({ recorder: this.recorder, targets }),
      webhookRoutes({
        kept:
          shelf === undefined ? undefined : { shelf, collector: new EvidenceCollector({ shelf, takeRounds, losses }) },
      }),
      incidentRoutes({ incidents: this.incidents, requireIdentity: config.requireIdentity, scrub }),
      estateRoutes({ book: this.estate, requireIdentity: config.requireIdentity, scrub }),
      customPackRoutes(this.packs),
    ];
  }

  /** Opens the files and reads the packs; what is wrong with them is reported, not thrown. */
  start(): void {
    this.recorder?.start();
    this.shelf?.start();
    this.incidents?.start();
    this.estate?.start();
    this.packs?.start();
  }

  /** Never throws. */
  record(round: Round): void {
    this.recorder?.record(round);
  }

  /**
   * The last round before a restart, when so little time passed that nothing was missed; before it the one that knew what
   * became unknown a moment ago.
   */
  lastRounds(target: string): readonly Round[] {
    try {
      const last = this.recorder?.last(target);
      if (last === undefined || Date.now() - last.startedAt > this.gapMs()) {
        return [];
      }
      const unknown = last.checks.flatMap(({ state, since }) =>
        state === 'unknown' && since !== null && since >= last.startedAt - SHORT_UNKNOWN_MS ? [since] : []
      );
      const known =
        unknown.length === 0 ? undefined : this.recorder?.at(target, Math.min(...unknown) - ROUND_BUDGET_MS);
      return known?.found === true ? [known.round, last] : [last];
    } catch (error) {
      if (error instanceof StoreUnavailable || error instanceof DamagedRow) {
        return [];
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
  health(): StoresHealth | undefined {
    const kept = this.kept();
    if (kept === undefined) {
      return undefined;
    }
    const stateOf = (store: StoreName): StoreStatus['state'] => kept[store]().state;
    return {
      stores: {
        ...{ recorder: stateOf('recorder'), evidence: stateOf('evidence') },
        ...{ incidents: stateOf('incidents'), estate: stateOf('estate') },
      },
      losses: this.losses.all(),
    };
  }

  private kept(): Readonly<Record<StoreName, () => StoreStatus>> | undefined {
    const { recorder, shelf, incidents, estate } = this;
    return recorder === undefined || shelf === undefined || incidents === undefined || estate === undefined
      ? undefined
      : {
          recorder: () => recorder.status(),
          evidence: () => shelf.status(),
          incidents: () => incidents.status(),
          estate: () => estate.status(),
        };
  }

  private recordedAt(target: string, ms: number): Round | undefined {
    try {
      const found = this.recorder?.at(target, ms);
      return found?.found === true ? found.round : undefined;
    } catch (error) {
      if (error instanceof StoreUnavailable || error instanceof DamagedRow) {
        return undefined;
      }
      throw error;
    }
  }

  /** The metrics of the stores and of the packs. */
  measure(registry: Registry): void {
    const { recorder, packs, losses } = this;
    const kept = this.kept();
    const registers = [registry];
    if (recorder !== undefined && kept !== undefined) {
      const stores = () => STORES.map((store) => [store, kept[store]()] as const);
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
      new Counter({
        name: 'live_runbooks_losses_total',
        help: 'What was kept and is lost, by store and kind',
        labelNames: ['store', 'what'] as const,
        registers,
        collect() {
          this.reset();
          // An alert on their increase needs a sample before the first one.
          for (const store of STORES) {
            LOSS_KINDS.forEach((what) => this.inc({ store, what }, losses.count(store, what)));
          }
        },
      });
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
    this.estate?.close();
    this.incidents?.close();
    this.shelf?.close();
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

/** Without any store, for callers that need only the descriptions of the routes. */
export const noStores = (): Stores =>
  new Stores(
    {
      state: { keepHours: 24, recorderMegabytes: 256, evidenceMegabytes: 64, incidentsMegabytes: 256 },
      packs: {},
      backgroundSeconds: 60,
      requireIdentity: true,
    },
    {
      targets: [],
      takeRounds: () => Promise.resolve([]),
      scrub: (text) => text,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    }
  );
