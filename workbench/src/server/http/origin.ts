import type { IncomingMessage } from 'node:http';

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Why a request must not be answered, if so. The workbench signs everybody in, so a page of another site that is open in
 * the same browser may neither command it nor, under a name of its own for this machine, read it.
 */
export function refusal({ headers, method = 'GET' }: IncomingMessage): string | undefined {
  const host = headers.host ?? '';
  const hostname = host.replace(/:\d+$/, '');
  if (!LOOPBACK.test(hostname)) {
    return `The workbench answers to localhost only, not to ${hostname}`;
  }
  const commands = !['GET', 'HEAD', 'OPTIONS'].includes(method);
  const { origin } = headers;
  return commands && origin !== undefined && origin !== `http://${host}` ? 'origin not allowed' : undefined;
}
