import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WorkbenchState } from '../state';
import type { User } from '../users/users';

/** One request and its answer. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  /** Who asks; undefined when nobody is signed in (`?as=anonymous`). */
  user: User | undefined;
  state: WorkbenchState;
}

/** `params` are decoded path segments; `*` is the rest of the path, not decoded. */
export type Handler = (exchange: Exchange, params: Readonly<Record<string, string>>) => void | Promise<void>;

export interface Route {
  /** A verb, or `*` for all of them. */
  method: string;
  /** Segments, `:name` for a parameter, a trailing `*` for the rest. */
  path: string;
  handle: Handler;
  /** Answered without being signed in: the page itself and its files. */
  open?: boolean;
}

/** Grafana answers most errors with this content type, and handlers of its own API with the shorter one. */
const JSON_TYPE = 'application/json';
const ERROR_TYPE = 'application/json; charset=UTF-8';

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': JSON_TYPE, 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}

/** An error of Grafana's middleware (access, proxy routes): as `sendJson`, with the content type that these have. */
export function sendError(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': ERROR_TYPE, 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}

/** The body of a request that is meant to be JSON; undefined when it is not. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}
