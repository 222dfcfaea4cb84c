/** The HTTP side: who may ask, what may be asked, and errors that say what to do. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Metrics } from '../metrics';
import type { Stores } from '../stores';
import type { SharedRounds } from '../rounds/sharedRounds';
import type { Starved } from '../model/round';
import { catalogue } from './catalogue';
import { Connections } from './connections';
import { ApiError } from './errors';
import { openApi } from './openapi';
import { type Refusal, tokenGuard } from './token';

export interface ServerOptions {
  /** As it is now. */
  readonly token: () => string;
  readonly version: string;
  /** By target id, in the order of the configuration. */
  readonly sharedRounds: ReadonlyMap<string, SharedRounds>;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** How little of the CPU the service gets now; null: enough. */
  readonly starved: () => Starved | null;
  /** What is kept brings its own routes, and answers for the past. */
  readonly stores: Pick<Stores, 'extensions' | 'roundAt' | 'roundsAt' | 'health'>;
}

const ALWAYS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;
const BODY_LIMIT = 16 * 1024;
/** A whole request has to arrive within this time. */
const REQUEST_TIMEOUT_MS = 10_000;
const HEADERS_TIMEOUT_MS = 5_000;
/** How often Node looks for requests past those times. Its default of 30 s would let a slow client stay as long. */
const LOOK_MS = 1_000;
export function buildServer({
  token,
  version,
  sharedRounds,
  metrics,
  log,
  stores,
  starved,
}: ServerOptions): FastifyInstance {
  const connections = new Connections({
    onCut: (code, socket) => {
      metrics.refused(code);
      log.warn({ code, from: socket.remoteAddress }, 'a connection was cut');
    },
  });
  const app = fastify({
    // Requests are polled by every open page: they are counted, and only refusals are logged.
    logger: false,
    bodyLimit: BODY_LIMIT,
    routerOptions: { maxParamLength: 200 },
    serverFactory: (handler) => {
      const server = connections.server(handler, {
        requestTimeout: REQUEST_TIMEOUT_MS,
        headersTimeout: HEADERS_TIMEOUT_MS,
        connectionsCheckingInterval: LOOK_MS,
        keepAliveTimeout: 65_000,
      });
      server.setTimeout(30_000);
      return server;
    },
    forceCloseConnections: true,
    // What Node or the router refuse before any hook runs is answered, counted and logged like everything else.
    clientErrorHandler: (error, socket) => refuseOnWire(error.code ?? '', socket),
    frameworkErrors: (error, request, reply) => {
      const reason = refusalOf(request.raw.rawHeaders);
      answerWith(reason === undefined ? error : unauthorized(reason), request, reply);
    },
  });
  const refusalOf = tokenGuard(token);
  const document = openApi(version, stores.extensions);
  const described = catalogue();

  // Bodies carry nothing that is read; whatever type they claim to be, they are only limited in size.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null, undefined));

  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.url === '/healthz') {
      return;
    }
    const reason = refusalOf(request.raw.rawHeaders);
    if (reason !== undefined) {
      throw unauthorized(reason);
    }
    connections.known(request.raw.socket);
    if (connections.full()) {
      throw new ApiError(503, 'busy', 'too many answers wait to be read', 'Read them, and ask again.');
    }
  });

  app.addHook('onResponse', async (request, reply) => {
    metrics.answered(request.method, request.routeOptions.url ?? 'none', reply.statusCode);
  });

  app.setNotFoundHandler((request) => {
    throw new ApiError(
      404,
      'not-found',
      `there is no ${request.method} route like that`,
      'GET /openapi.json lists the routes.'
    );
  });

  const unauthorized = (reason: Refusal): ApiError => {
    metrics.notLetIn(reason);
    return new ApiError(
      401,
      'unauthorized',
      'the request carries no valid token',
      'Send `Authorization: Bearer <token>` once, with the token of the configuration of the service.'
    );
  };

  const answerWith = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const known = asApiError(error);
    metrics.refused(known.code);
    const told = { code: known.code, status: known.status, method: request.method, route: request.routeOptions.url };
    if (known.status >= 500) {
      log.error({ ...told, err: error }, 'a request failed');
    } else {
      log.warn({ ...told, from: request.ip }, 'a request was refused');
    }
    void reply
      .status(known.status)
      .headers(ALWAYS)
      .headers(known.status === 401 ? { 'www-authenticate': 'Bearer' } : {})
      // The rest of a body that is not read is not waited for.
      .headers(known.status === 401 || known.status === 413 ? { connection: 'close' } : {})
      .send(known.body());
  };
  app.setErrorHandler((error: unknown, request, reply) => answerWith(error, request, reply));

  const refuseOnWire = (code: string, socket: Socket): void => {
    if (code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const known = wireError(code);
    metrics.refused(known.code);
    log.warn(
      { code: known.code, status: known.status, said: code, from: socket.remoteAddress },
      'a request was refused'
    );
    const body = JSON.stringify(known.body());
    const headers = { ...ALWAYS, 'content-type': 'application/json; charset=utf-8', connection: 'close' };
    const lines = Object.entries({ ...headers, 'content-length': Buffer.byteLength(body) });
    socket.end(
      `HTTP/1.1 ${known.status} ${STATUS_CODES[known.status] ?? ''}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
    );
    // Whoever does not even take the answer is not waited for either.
    setTimeout(() => socket.destroy(), LOOK_MS).unref();
  };

  app.addHook('onSend', async (_request, reply) => {
    reply.headers(ALWAYS);
  });

  const sharedRoundsOf = (id: string): SharedRounds => {
    const shared = sharedRounds.get(id);
    if (shared === undefined) {
      throw new ApiError(
        404,
        'unknown-target',
        `there is no target "${printable(id)}"`,
        `The targets of this service are: ${[...sharedRounds.keys()].join(', ')}.`
      );
    }
    return shared;
  };

  app.get('/healthz', async () => {
    return { status: 'ok', version, starved: starved(), ...stores.health() };
  });

  app.get('/metrics', async (_request, reply) => {
    // A round that cannot be taken is a round with unknown checks; it does not reject. A scrape is a clock: nobody asks.
    await Promise.all([...sharedRounds.values()].map((shared) => shared.round({ unasked: true })));
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });

  app.get('/openapi.json', async () => document);

  app.get('/v1/checks', async () => described);

  app.get('/v1/targets', async () => ({
    targets: [...sharedRounds.values()].map(({ target: { id, kind, title } }) => ({ id, kind, title })),
  }));

  app.get('/v1/rounds', async (request) => {
    const wanted = targetList(request) ?? [...sharedRounds.keys()];
    const at = momentIn(request);
    if (at !== undefined) {
      return stores.roundsAt([...new Set(wanted)], at);
    }
    const asked = [...new Set(wanted)].map(sharedRoundsOf);
    return { rounds: await Promise.all(asked.map((shared) => shared.round())) };
  });

  app.get<{ Params: { id: string } }>('/v1/targets/:id/round', async (request) => {
    const at = momentIn(request);
    return at === undefined ? sharedRoundsOf(request.params.id).round() : stores.roundAt(request.params.id, at);
  });

  app.post<{ Params: { id: string; check: string } }>('/v1/targets/:id/checks/:check', async (request) => {
    const shared = sharedRoundsOf(request.params.id);
    const { check } = request.params;
    if (!shared.target.checkIds.includes(check)) {
      throw new ApiError(
        404,
        'unknown-check',
        `the target ${shared.target.id} has no check "${printable(check)}"`,
        `Its checks are: ${shared.target.checkIds.join(', ')}.`
      );
    }
    return shared.check(check);
  });

  for (const { register } of stores.extensions) {
    void app.register(async (scope) => register(scope));
  }

  return app;
}

/** `?at=<ms since the epoch>`; undefined when it is left out. */
function momentIn(request: FastifyRequest): number | undefined {
  const { at } = request.query as { at?: unknown };
  if (at === undefined) {
    return undefined;
  }
  if (typeof at !== 'string' || !/^\d{1,15}$/.test(at)) {
    throw new ApiError(
      400,
      'bad-request',
      '`at` is not a time',
      'Write at=<milliseconds since the epoch> once, as digits.'
    );
  }
  return Number(at);
}

/** `?targets=a,b`; undefined when it is left out. */
function targetList(request: FastifyRequest): string[] | undefined {
  const { targets } = request.query as { targets?: unknown };
  if (targets === undefined) {
    return undefined;
  }
  const ids = typeof targets === 'string' ? targets.split(',').filter((id) => id !== '') : [];
  if (ids.length === 0 || ids.length > 200) {
    throw new ApiError(
      400,
      'bad-request',
      '`targets` is not a list of ids',
      'Write targets=a,b once, with 1 to 200 ids of targets; leave it out for all.'
    );
  }
  return ids;
}

/** What Node's parser refuses on the wire, before there is a request. */
function wireError(code: string): ApiError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new ApiError(
        431,
        'headers-too-large',
        'the headers are larger than 16 kB',
        'Send fewer and shorter ones.'
      );
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ApiError(408, 'too-slow', 'the request took too long to arrive', 'Send it at once.');
    default:
      return new ApiError(400, 'bad-request', 'the request is not HTTP/1.1', 'Send it with an ordinary HTTP client.');
  }
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) {
    return error;
  }
  const { statusCode, code } = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  if (statusCode === 413) {
    return new ApiError(413, 'too-large', 'the body is too large', 'Send no body: nothing in it is read.');
  }
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    const said = typeof code === 'string' ? ` (${code})` : '';
    return new ApiError(
      statusCode,
      'bad-request',
      `the request is malformed${said}`,
      'GET /openapi.json shows how to ask.'
    );
  }
  return new ApiError(500, 'internal', 'the service failed to answer', 'Its log has the reason.');
}

/** Names that somebody sent, for an error message: short, and without control characters. */
function printable(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return short.replace(/[^\x20-\x7e…]/g, '?');
}
