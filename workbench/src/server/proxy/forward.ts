import http, { type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream';

interface Target {
  /** Only its protocol, host and port are used. */
  origin: URL;
  /** Path and query exactly as they go over the wire. */
  path: string;
  headers: OutgoingHttpHeaders;
  /** Replaces the client's body. */
  body?: string;
  /** Put on the answer in place of what the upstream sent. */
  answerHeaders?: OutgoingHttpHeaders;
}

/** Headers that belong to one connection and go no further. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** The client's headers without those that belong to its connection. */
export function endToEnd(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name.toLowerCase())));
}

/**
 * Sends a request on and streams the answer back, each part as it arrives. There is no deadline. An upstream that cannot
 * be reached is a 502 with an empty body; a client that goes away ends the upstream's request.
 */
export function forward(request: IncomingMessage, response: ServerResponse, target: Target): Promise<void> {
  const { origin, path, headers, body, answerHeaders } = target;
  const client = origin.protocol === 'https:' ? https : http;
  return new Promise((resolve) => {
    const upstream = client.request({
      protocol: origin.protocol,
      hostname: origin.hostname.replace(/^\[|\]$/g, ''),
      port: origin.port,
      method: request.method,
      path,
      headers: { ...headers, host: origin.host },
    });
    response.on('close', () => {
      upstream.destroy();
      resolve();
    });
    upstream.on('error', () => {
      if (response.headersSent) {
        response.destroy();
      } else {
        response.writeHead(502);
        response.end();
      }
    });
    upstream.on('response', (answer) => {
      const kept = endToEnd(answer.headers);
      delete kept['set-cookie'];
      response.writeHead(answer.statusCode ?? 502, { ...kept, ...answerHeaders });
      response.flushHeaders();
      pipeline(answer, response, () => {});
    });
    if (body === undefined) {
      pipeline(request, upstream, () => {});
    } else {
      upstream.end(body);
    }
  });
}
