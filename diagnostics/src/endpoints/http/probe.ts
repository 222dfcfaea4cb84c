/** One GET: to the configured URL, to an address that was looked at, without following anything. */
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { type PeerCertificate, checkServerIdentity } from 'node:tls';
import { elapsedMs } from '../../model/clock';
import { type Deadline, DeadlineExceeded } from '../../model/deadline';
import { tlsFiles } from '../../model/targetFile';
import type { Probed } from '../../rounds/checkedTarget';
import { type Stage, classifyEndpoint } from '../classify';
import { allowedAddresses, pinned } from '../resolve';
import type { HttpTargetConfig } from './config';
import type { HttpCheckContext, HttpReached, HttpTimes } from './context';

/** A health page is small, a goroutine profile grouped by stack is too; more is not read. */
export const BODY_LIMIT = 1024 * 1024;
const HEADER_LIMIT = 16 * 1024;

interface Answer {
  readonly response: IncomingMessage;
  readonly body: string | { readonly missing: string };
  readonly bytes: number;
}

export async function probeHttp(
  config: HttpTargetConfig,
  deadline: Deadline,
  now: number
): Promise<Probed<HttpReached, HttpCheckContext>> {
  const watch = new Stopwatch();
  let answer: Answer;
  try {
    answer = await get(config, deadline, watch);
  } catch (error) {
    const { response } = watch;
    const failure = classifyEndpoint(error, watch.stage);
    const reached = { status: response?.statusCode ?? null, redirect: null, address: watch.address, bytes: null };
    return { reached: { ...failure, ...reached, times: watch.times() } };
  }
  const times = watch.times();
  const status = answer.response.statusCode ?? 0;
  const redirect = redirectOf(answer.response, config.url);
  const right = config.status === undefined ? status >= 200 && status < 300 : config.status.includes(status);
  const failureClass = right ? 'ok' : redirect === null ? 'status' : 'redirect';
  const message = right
    ? `answered ${status}`
    : redirect === null
      ? `answered ${status} ${answer.response.statusMessage ?? ''}`.trim()
      : `answered ${status}, a redirect to ${redirect}, which is not followed`;
  const mend = failureClass === 'status' ? mendStatus(status) : undefined;
  return {
    reached: {
      ...{ class: failureClass, message, status, redirect, address: watch.address, bytes: answer.bytes, times },
      ...(mend === undefined ? {} : { mend }),
    },
    context: { status, times, body: answer.body, wanted: config.body, now },
  };
}

/** Where the status says more about the mend than the body does. */
function mendStatus(status: number): string | undefined {
  switch (status) {
    case 401:
    case 403:
      return 'The endpoint refuses this service: give it credentials in `headers` of the target, or a path that needs none. Whether it is well is not known from this.';
    case 404:
    case 405:
      return 'There is no such page there: correct the path of `url`, or the route is gone since the last deployment.';
    case 429:
      return 'The endpoint has too many requests: find who sends them, or exempt its health page from the limit.';
    case 502:
    case 503:
    case 504:
      return 'A proxy may answer in place of the service behind it: look whether that runs and is ready, then at its log and the body of the answer (http.body).';
    default:
      return undefined;
  }
}

class Stopwatch {
  stage: Stage = 'dns';
  address: string | null = null;
  response: IncomingMessage | undefined;
  private readonly startedAt = performance.now();
  private readonly at: Partial<Record<'dnsMs' | 'connectMs' | 'tlsMs' | 'firstByteMs', number>> = {};

  reached(name: 'dnsMs' | 'connectMs' | 'tlsMs' | 'firstByteMs', next: Stage): void {
    this.at[name] = elapsedMs(this.startedAt);
    this.stage = next;
  }

  times(): HttpTimes {
    const { dnsMs = null, connectMs = null, tlsMs = null, firstByteMs = null } = this.at;
    return { dnsMs, connectMs, tlsMs, firstByteMs, totalMs: elapsedMs(this.startedAt) };
  }
}

async function get(config: HttpTargetConfig, deadline: Deadline, watch: Stopwatch): Promise<Answer> {
  const url = new URL(config.url);
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const addresses = await allowedAddresses(host, config, deadline);
  watch.reached('dnsMs', 'connect');
  const tls = typeof config.tls === 'object' ? config.tls : {};
  const name = tls.serverName ?? host;

  return new Promise<Answer>((resolve, reject) => {
    const request = (secure ? https : http).request({
      method: 'GET',
      host,
      port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
      path: `${url.pathname}${url.search}`,
      headers: {
        accept: 'application/json, text/plain;q=0.9, */*;q=0.5',
        'user-agent': 'live-runbooks',
        ...config.headers,
        // No compression: what is read is what was sent, and no small answer becomes a large one.
        'accept-encoding': 'identity',
        connection: 'close',
        host: url.host,
      },
      agent: false,
      lookup: pinned(addresses),
      maxHeaderSize: HEADER_LIMIT,
      ...(secure
        ? {
            servername: isIP(name) === 0 ? name : '',
            checkServerIdentity: (_host: string, certificate: PeerCertificate) =>
              checkServerIdentity(name, certificate),
            ...tlsFiles(tls),
          }
        : {}),
    });
    const left = deadline.left();
    const timer = setTimeout(() => request.destroy(new DeadlineExceeded(url.origin, left)), left);
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      settle();
      request.destroy();
    };
    request.on('error', (error) => end(() => reject(error)));
    request.on('socket', (socket) => {
      socket.once('connect', () => {
        watch.address = socket.remoteAddress ?? null;
        watch.reached('connectMs', secure ? 'tls' : 'answer');
      });
      socket.once('secureConnect', () => watch.reached('tlsMs', 'answer'));
    });
    request.on('response', (response) => {
      watch.response = response;
      watch.reached('firstByteMs', 'body');
      const chunks: Buffer[] = [];
      let bytes = 0;
      const done = (body: Answer['body']): void => end(() => resolve({ response, body, bytes }));
      response.on('error', (error) => end(() => reject(error)));
      if (redirectOf(response, config.url) !== null) {
        done({ missing: 'a redirect has no body that is read' });
        return;
      }
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes > BODY_LIMIT) {
          done({ missing: `the body is larger than ${BODY_LIMIT} bytes` });
        }
      });
      response.on('end', () => done(Buffer.concat(chunks).toString('utf8')));
    });
    request.end();
  });
}

/** Without query and fragment, which may hold secrets. */
function redirectOf(response: IncomingMessage, from: string): string | null {
  const { statusCode = 0, headers } = response;
  if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) {
    return null;
  }
  if (!URL.canParse(headers.location, from)) {
    return 'an unreadable location';
  }
  const to = new URL(headers.location, from);
  return `${to.protocol}//${to.host}${to.pathname}`.slice(0, 200);
}
