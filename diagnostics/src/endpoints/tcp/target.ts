import { connect } from 'node:net';
import { elapsedMs } from '../../model/clock';
import { type Deadline, DeadlineExceeded } from '../../model/deadline';
import type { Target } from '../../model/round';
import { checkedTarget } from '../../rounds/checkedTarget';
import { type Stage, classifyEndpoint, mendEndpoint } from '../classify';
import { allowedAddresses, pinned } from '../resolve';
import { type TcpReached, tcpAvailability } from './check';
import type { TcpTargetConfig } from './config';

/** A port that is connected to, and nothing else. */
export function tcpTarget(config: TcpTargetConfig): Target {
  return checkedTarget<TcpReached, never>({
    kind: 'tcp',
    id: config.id,
    title: config.title,
    settings: config.checks,
    availability: tcpAvailability,
    asked: [],
    reach: async (deadline) => ({ reached: await probeTcp(config, deadline) }),
    broken: (message) => ({ class: 'unknown', message, address: null, connectMs: null }),
    mend: ({ class: failureClass }) => mendEndpoint(failureClass),
  });
}

async function probeTcp(config: TcpTargetConfig, deadline: Deadline): Promise<TcpReached> {
  const startedAt = performance.now();
  let stage: Stage = 'dns';
  try {
    const addresses = await allowedAddresses(config.host, config, deadline);
    stage = 'connect';
    const address = await new Promise<string | null>((resolve, reject) => {
      const socket = connect({ host: config.host, port: config.port, lookup: pinned(addresses) });
      const left = deadline.left();
      const timer = setTimeout(() => socket.destroy(new DeadlineExceeded(config.host, left)), left);
      socket.once('connect', () => {
        resolve(socket.remoteAddress ?? null);
        socket.destroy();
      });
      socket.once('error', reject);
      socket.once('close', () => clearTimeout(timer));
    });
    return { class: 'ok', message: 'connected', address, connectMs: elapsedMs(startedAt) };
  } catch (error) {
    return { ...classifyEndpoint(error, stage), address: null, connectMs: null };
  }
}
