/** A service for a test: configuration as an object, with a log that can be searched for secrets. */
import { Writable } from 'node:stream';
import pino from 'pino';
import { stringify } from 'yaml';
import { Starvation, type watchStarvation } from '../../src/rounds/starvation';
import { type Service, parseConfig, startService } from '../../src';
import { TOKEN } from './secrets';

export interface TestService extends Service {
  /** Everything that was logged. */
  log(): string;
}

/** However loaded the machine is that runs the tests: what a service says then is tested with measures that are given. */
const wellFed = () => ({ starvation: new Starvation(), stop: () => undefined });

export async function serve(
  targets: readonly object[],
  options: Record<string, unknown> = {},
  watched: ReturnType<typeof watchStarvation> = wellFed()
): Promise<TestService> {
  const text = stringify({
    listen: { port: 0 },
    token: '${TOKEN}',
    intervalMs: 500,
    backgroundSeconds: 0,
    statementsWindowSeconds: 10,
    // The tests write by themselves; what is asked of a proxy is a test of its own.
    requireIdentity: false,
    ...options,
    targets,
  });
  const config = parseConfig(text, { file: 'test.yaml', env: { TOKEN } });
  let logged = '';
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged += chunk.toString();
      done();
    },
  });
  const service = await startService(config, pino({ level: 'debug' }, sink), watched);
  return { ...service, url: service.url, port: service.port, close: () => service.close(), log: () => logged };
}
