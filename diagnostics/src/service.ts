/** The whole service: targets, the rounds that everybody shares, metrics, HTTP, and rounds in the background. */
import pino, { type Logger } from 'pino';
import manifest from '../package.json' with { type: 'json' };
import { unreadableFiles } from './config/files';
import type { Config } from './config/load';
import { Stores } from './stores';
import { buildServer } from './http/server';
import { Metrics } from './metrics';
import { takeInBackground } from './rounds/background';
import { SharedRounds } from './rounds/sharedRounds';
import { sheltered } from './rounds/sheltered';
import type { Starved } from './model/round';
import { watchStarvation } from './rounds/starvation';
import { targetOf } from './targets';

export interface Service {
  /** `http://127.0.0.1:9464` */
  readonly url: string;
  readonly port: number;
  /** Stops listening and closes the held connections. */
  close(): Promise<void>;
}

export const VERSION: string = manifest.version;

/** Errors: the port is taken. A target that cannot be reached is no error: that is what the service is for. */
export async function startService(
  config: Config,
  log: Logger = defaultLog(config),
  { starvation, stop } = watchStarvation()
): Promise<Service> {
  const metrics = new Metrics(VERSION);
  const classes = new Map<string, string>();
  const targets = config.targets.map((target) =>
    sheltered(targetOf(target, config), (error) => log.error({ err: error, target: target.id }, 'a round failed'))
  );
  const scrub = (text: string): string => config.secrets.scrub(text);
  const starved = (): Starved | null => starvation.now(performance.now());
  metrics.measureStarvation(() => starvation.measured(performance.now()), starved);
  for (const { key, message } of unreadableFiles(config.targets)) {
    log.error({ key, message }, 'a file of the configuration cannot be read: its target fails, the others do not');
  }
  for (const { key, message } of config.warnings) {
    log.warn({ key }, `${key}: ${message}`);
  }
  const stores = new Stores(config, {
    targets: targets.map((target) => target.id),
    takeRounds: () => Promise.all([...sharedRounds.values()].map((shared) => shared.round())),
    scrub,
    log,
  });
  stores.start();
  stores.measure(metrics.registry);
  const sharedRounds: ReadonlyMap<string, SharedRounds> = new Map(
    targets.map((target) => [
      target.id,
      new SharedRounds(target, {
        intervalMs: config.intervalMs,
        scrub,
        starved,
        before: stores.lastRounds(target.id),
        onRound: (round) => {
          metrics.round(round);
          stores.record(round);
          if (classes.get(round.target) !== round.class) {
            classes.set(round.target, round.class);
            const told = { target: round.target, class: round.class, tookMs: round.tookMs };
            log[round.class === 'ok' ? 'info' : 'warn'](told, 'the availability of a target changed');
          }
        },
      }),
    ])
  );
  const app = buildServer({ token: config.token, version: VERSION, sharedRounds, metrics, log, stores, starved });
  await app.listen({ host: config.listen.host, port: config.listen.port });

  const onError = (error: unknown, { target }: SharedRounds): void =>
    log.error({ err: error, target: target.id }, 'a round failed');
  // The first round is the baseline of every rate, so it is taken before anybody asks.
  for (const shared of sharedRounds.values()) {
    shared.round().catch((error: unknown) => onError(error, shared));
  }
  const background =
    config.backgroundSeconds > 0
      ? takeInBackground(sharedRounds.values(), { everyMs: config.backgroundSeconds * 1000, onError })
      : undefined;

  const address = app.addresses()[0];
  const port = typeof address === 'object' ? address.port : config.listen.port;
  const host = config.listen.host.includes(':') ? `[${config.listen.host}]` : config.listen.host;
  const url = `http://${host}:${port}`;
  log.info({ url, targets: targets.map((target) => target.id), version: VERSION }, 'listening');
  return {
    url,
    port,
    async close() {
      background?.stop();
      stop();
      await app.close();
      await Promise.all(targets.map((target) => target.close()));
      stores.close();
    },
  };
}

function defaultLog(config: Config): Logger {
  return pino({
    level: config.log.level,
    // Whatever an error quotes: no secret of the configuration reaches the log.
    hooks: {
      streamWrite: (line) => config.secrets.scrub(line),
    },
  });
}
