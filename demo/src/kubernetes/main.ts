/**
 * The simulator as a program of its own, for docker compose: it learns of the services from their `/metrics`.
 * DEPLOYMENTS is a list of `<namespace>/<deployment>=<address>`.
 */
import { number, required } from '../application/settings';
import { type ObservedDeployment, serveKubernetes } from './simulator';

const EVERY_MS = 2000;

interface Watched {
  readonly namespace: string;
  readonly deployment: string;
  readonly address: string;
  up: boolean;
  residentBytes: number;
  startedAt: number;
  version: string;
  generation: number;
  restarts: number;
}

const watched: Watched[] = required('DEPLOYMENTS')
  .split(/\s+/)
  .filter(Boolean)
  .map((entry) => {
    const [, namespace = '', deployment = '', address = ''] = /^([\w-]+)\/([\w-]+)=(https?:.+)$/.exec(entry) ?? [];
    if (address === '') {
      throw new Error(`DEPLOYMENTS: "${entry}" is not <namespace>/<deployment>=<address>`);
    }
    const unseen = { up: false, residentBytes: 0, startedAt: 0, version: '', generation: 1, restarts: 0 };
    return { namespace, deployment, address, ...unseen };
  });

/** A start with the version of before is a restart; one with another version is a roll-out. */
async function look(each: Watched): Promise<void> {
  try {
    const answer = await fetch(`${each.address}/metrics`, { signal: AbortSignal.timeout(EVERY_MS) });
    const text = await answer.text();
    const startedAt = Number(/^process_start_time_seconds(?:\{.*\})? (\S+)/m.exec(text)?.[1]);
    const version = /_build_info\{version="([^"]*)"/.exec(text)?.[1] ?? '';
    if (each.startedAt !== 0 && startedAt !== each.startedAt) {
      each[version === each.version ? 'restarts' : 'generation'] += 1;
    }
    Object.assign(each, {
      up: answer.ok,
      startedAt,
      version,
      residentBytes: Number(/^process_resident_memory_bytes(?:\{.*\})? (\S+)/m.exec(text)?.[1]),
    });
  } catch {
    each.up = false;
  }
}

const observed = (): ObservedDeployment[] =>
  watched.map(({ namespace, deployment, up, residentBytes, generation, restarts }) => ({
    namespace,
    deployment,
    replicas: 1,
    available: up ? 1 : 0,
    generation,
    restarts,
    ...(up ? { residentBytes } : {}),
  }));

setInterval(() => watched.forEach((each) => void look(each)), EVERY_MS);
await serveKubernetes(number('PORT', 8090), observed, process.env.HOST);
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => process.exit(0));
}
