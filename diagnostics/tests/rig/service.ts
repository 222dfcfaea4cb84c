/** A service for a test: configuration as an object, with a log that can be searched for secrets. */
import { Writable } from 'node:stream';
import pino from 'pino';
import { stringify } from 'yaml';
import { type Service, parseConfig, startService } from '../../src';
import { TOKEN } from './secrets';

export interface TestService extends Service {
  /** Everything that was logged. */
  log(): string;
}

export async function serve(targets: readonly object[], options: Record<string, unknown> = {}): Promise<TestService> {
  const text = stringify({
    listen: { port: 0 },
    token: '${TOKEN}',
    intervalMs: 500,
    backgroundSeconds: 0,
    statementsWindowSeconds: 10,
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
  const service = await startService(config, pino({ level: 'debug' }, sink));
  return { ...service, url: service.url, port: service.port, close: () => service.close(), log: () => logged };
}
