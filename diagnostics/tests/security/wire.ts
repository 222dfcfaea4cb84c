/** Requests byte by byte: an HTTP client would tidy up what these tests are about. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { holds, until } from '../rig/client';
import { PG_PASSWORD, REDIS_PASSWORD, TOKEN } from '../rig/secrets';
import { type TestService, serve } from '../rig/service';

export interface WireAnswer {
  /** 0: the connection was closed without an answer. */
  readonly status: number;
  readonly headers: string;
  readonly body: string;
  readonly ms: number;
  /** Everything that came, when there were several answers. */
  readonly all: string;
}

/** Sends the text as it is and reads until the service closes the connection. Rejects when it never does. */
export function wire(port: number, text: string | Buffer, deadlineMs = 20_000): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    let all = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`the connection was not closed within ${deadlineMs} ms; it said: ${all.slice(0, 500)}`));
    }, deadlineMs);
    // A connection that is cut while bytes are still being sent ends with an error; what was read counts.
    socket.on('error', () => undefined);
    socket.on('data', (data) => (all += data.toString('latin1')));
    socket.on('close', () => {
      clearTimeout(timer);
      const [head = '', ...rest] = all.split('\r\n\r\n');
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
      resolve({ status, headers: head, body: rest.join('\r\n\r\n'), ms: performance.now() - startedAt, all });
    });
  });
}

export const BEARER = `authorization: Bearer ${TOKEN}`;

/** One whole request; the connection is closed after it. */
export const request = (line: string, headers: readonly string[] = [BEARER], body = ''): string =>
  [`${line} HTTP/1.1`, 'host: service', 'connection: close', ...headers, '', body].join('\r\n');

/** The answer is a refusal with that status, in the form of every error, and gives nothing of the inside away. */
export function expectRefused(answer: WireAnswer, ...statuses: readonly number[]): void {
  expect(statuses, answer.all.slice(0, 300)).toContain(answer.status);
  holds('Error', JSON.parse(answer.body));
  expectNoSecret(answer.all);
  expect(answer.all).not.toMatch(/node_modules|\.[jt]s:\d+/);
}

export function expectNoSecret(text: string): void {
  for (const secret of [TOKEN, PG_PASSWORD, REDIS_PASSWORD]) {
    expect(text).not.toContain(secret);
  }
}

/** A service that keeps everything, whose only target refuses connections: for tests of HTTP itself. */
export async function serviceAlone(options: Record<string, unknown> = {}): Promise<TestService> {
  const directory = mkdtempSync(join(tmpdir(), 'live-runbooks-security-'));
  const nowhere = { id: 'shop-postgres', kind: 'postgres', host: '127.0.0.1', port: 1, database: 'shop', user: 'u' };
  const service = await serve([{ ...nowhere, password: PG_PASSWORD }], { state: { directory }, ...options });
  // Its first round is logged; what comes after that is of the tests.
  await until(
    'the first round',
    async () => service.log(),
    (log) => log.includes('the availability of a target changed')
  );
  return {
    ...service,
    async close() {
      await service.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The log lines that were written while `work` ran, as objects. */
export async function loggedDuring(
  service: TestService,
  work: () => Promise<unknown>
): Promise<Array<Record<string, unknown>>> {
  const before = service.log().length;
  await work();
  return service
    .log()
    .slice(before)
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
