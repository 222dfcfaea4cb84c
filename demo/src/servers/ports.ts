import { createServer } from 'node:net';

/** A TCP port on 127.0.0.1 that nobody listened on a moment ago. The caller binds it at once (`launchOn`). */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === 'string') {
          reject(new Error('the operating system gave no TCP port on 127.0.0.1'));
        } else {
          resolve(address.port);
        }
      });
    });
  });
}

/** Between choosing a free port and binding it somebody else may take it: a server is tried on so many ports. */
const MOST_PORTS = 4;

/**
 * Calls `launch` with `port` and, while that one is taken, with another that is free. A port that was `asked` for is never
 * changed. Errors: those of `launch`.
 */
export async function launchOn(
  port: number,
  asked: number | undefined,
  launch: (port: number) => Promise<void>
): Promise<void> {
  for (let attempt = 1, next = port; ; attempt += 1) {
    try {
      return await launch(next);
    } catch (error) {
      const taken = /could not bind|Address already in use/.test(String(error));
      if (!taken || asked !== undefined || attempt >= MOST_PORTS) {
        throw error;
      }
      next = await freePort();
    }
  }
}
