import { describe, expect, it } from 'vitest';
import { launchOn } from '../src/servers/ports';

const TAKEN = new Error('bind: Address already in use');

/** Launches that fail so often; the ports that were tried. */
async function tried(asked: number | undefined, failures: number, error: Error = TAKEN) {
  const ports: number[] = [];
  const launched = launchOn(asked ?? 1, asked, (port) => {
    ports.push(port);
    return ports.length > failures ? Promise.resolve() : Promise.reject(error);
  });
  const failed = await launched.then(
    () => undefined,
    (reason: unknown) => reason
  );
  return { ports, failed };
}

describe('a port that is taken', () => {
  it('is left for another one that is free', async () => {
    const { ports, failed } = await tried(undefined, 1);
    expect(failed).toBeUndefined();
    expect(ports).toHaveLength(2);
    expect(ports[1]).toBeGreaterThan(1023);
  });

  it('is no reason to try for ever', async () => {
    expect(await tried(undefined, 9)).toEqual({ ports: expect.objectContaining({ length: 4 }), failed: TAKEN });
  });

  it('is an error where that port was asked for', async () => {
    expect(await tried(5432, 1)).toEqual({ ports: [5432], failed: TAKEN });
  });

  it('is the only reason to try another', async () => {
    const broken = new Error('out of memory');
    expect(await tried(undefined, 1, broken)).toEqual({ ports: [1], failed: broken });
  });
});
