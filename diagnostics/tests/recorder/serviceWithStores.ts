/** A service that keeps things, over a target that refuses: what is kept does not depend on what is asked. */
import { connect, createServer, type AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { serve, type TestService } from '../rig/service';
import { temporaryDirectory } from './made';

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  await new Promise<void>((resolve, reject) => {
    const probe = connect(port, '127.0.0.1', () => reject(new Error('somebody listens there')));
    probe.on('error', () => resolve());
  });
  return port;
}

export async function serviceWithStores(
  options: Record<string, unknown> = {},
  directory = temporaryDirectory()
): Promise<TestService & { readonly directory: string }> {
  const port = await closedPort();
  const target = (id: string) => ({ id, kind: 'redis', host: '127.0.0.1', port, password: 'not-a-word-of-it' });
  const service = await serve([target('gorax-redis'), target('other-redis')], { state: { directory }, ...options });
  let open = true;
  const close = async (): Promise<void> => {
    if (open) {
      open = false;
      await service.close();
    }
  };
  onTestFinished(close);
  return { ...service, directory, close };
}

export const post = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
