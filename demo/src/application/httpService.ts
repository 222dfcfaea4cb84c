/** What the HTTP services share: structured logs, RED metrics, deadlines, health, and errors as a caller sees them. */
import Fastify, { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';

interface ServiceOptions {
  readonly registry: Registry;
  /** Called once a request, with the route's template (`/api/v1/workflows/{id}`) as the path. */
  readonly onRequest: (method: string, path: string, status: number, seconds: number) => void;
}

/** Routes that are no traffic of users. */
const INTERNAL = /^\/(metrics|internal)\b/;

/** A handler that takes longer answers 504; its work goes on, and so does its hold on a connection. Milliseconds. */
const REQUEST_DEADLINE_MS = 5000;

class DeadlineExceeded extends Error {
  constructor() {
    super('context deadline exceeded');
  }
}

/** The status and the words of an error: what the database or Redis said decides between 500, 503 and 504. */
function answerFor(error: Error & { code?: string; statusCode?: number }): { status: number; message: string } {
  if (error instanceof DeadlineExceeded) {
    return { status: 504, message: error.message };
  }
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return { status: error.statusCode, message: error.message };
  }
  if (/timeout exceeded when trying to connect/.test(error.message)) {
    return { status: 503, message: 'no database connection became free in time' };
  }
  const unavailable = new Set(['53300', '57P01', '57P02', '57P03', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE']);
  if (
    unavailable.has(error.code ?? '') ||
    /Connection terminated|client is offline|Socket closed|OOM/i.test(error.message)
  ) {
    return { status: 503, message: error.message };
  }
  return { status: 500, message: error.message };
}

/** A Fastify instance that logs JSON lines with the fields of the guide (`time`, `level`, `msg`, `error`). */
export function httpService({ registry, onRequest }: ServiceOptions): FastifyInstance {
  const app = Fastify({
    logController: new LogController({ disableRequestLogging: true }),
    logger: {
      level: process.env.LOG_LEVEL ?? 'info',
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label: string) => ({ level: label.toUpperCase() }) },
    },
  });

  app.addHook('onResponse', (request, reply, done) => {
    const path = request.routeOptions.url ?? 'unmatched';
    if (!INTERNAL.test(path)) {
      const template = path.replace(/:(\w+)/g, '{$1}');
      onRequest(request.method, template, reply.statusCode, reply.elapsedTime / 1000);
    }
    done();
  });
  app.setErrorHandler((error: Error & { code?: string; statusCode?: number }, request, reply) => {
    const { status, message } = answerFor(error);
    if (status >= 500) {
      const tenant = request.headers['x-tenant-id'];
      request.log.error(
        { error: error.message, code: error.code, path: request.routeOptions.url, tenant_id: tenant },
        'request failed'
      );
    }
    return reply.code(status).send({ error: message });
  });
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
  return app;
}

/** Adds the deadline to a handler. */
export function withDeadline<T>(
  handler: (request: FastifyRequest, reply: FastifyReply) => Promise<T>
): (request: FastifyRequest, reply: FastifyReply) => Promise<T> {
  return (request, reply) =>
    new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => reject(new DeadlineExceeded()), REQUEST_DEADLINE_MS);
      handler(request, reply)
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
    });
}

/** `healthy`, or `unhealthy: <why>`; a probe that takes more than a second is unhealthy. */
async function probe(ask: () => Promise<unknown>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer within 1 s')), 1000);
  });
  try {
    await Promise.race([ask(), late]);
    return 'healthy';
  } catch (error) {
    return `unhealthy: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    clearTimeout(timer);
  }
}

/** The answer of the guide's health endpoints: `{status: ok | degraded, timestamp, checks}`. */
export async function health(checks: Readonly<Record<string, () => Promise<unknown>>>): Promise<{
  readonly status: 'ok' | 'degraded';
  readonly timestamp: string;
  readonly checks: Readonly<Record<string, string>>;
}> {
  const answers = await Promise.all(
    Object.entries(checks).map(async ([name, ask]) => [name, await probe(ask)] as const)
  );
  const healthy = answers.every(([, answer]) => answer === 'healthy');
  return {
    status: healthy ? 'ok' : 'degraded',
    timestamp: new Date().toISOString(),
    checks: Object.fromEntries(answers),
  };
}

/** Listens on HOST:PORT and ends in order on SIGTERM. */
export async function serve(app: FastifyInstance, port: number, end: () => Promise<void>): Promise<void> {
  await app.listen({ host: process.env.HOST ?? '127.0.0.1', port });
  const stop = (): void => {
    // What does not end in time is ended: a waiting query must not keep a stopped process alive.
    setTimeout(() => process.exit(0), 2000).unref();
    void app
      .close()
      .then(end)
      .finally(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}
