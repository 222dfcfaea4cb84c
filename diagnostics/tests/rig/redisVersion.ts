/** What the Redis of the tests is, and what it can: `redis-server`, or the program that REDIS_SERVER names. */
import { spawnSync } from 'node:child_process';

export const REDIS_PROGRAM = process.env.REDIS_SERVER ?? 'redis-server';

const says = (...args: string[]): string => {
  const { stdout, stderr } = spawnSync(REDIS_PROGRAM, args, { encoding: 'utf8', timeout: 60_000 });
  return `${stdout}${stderr}`;
};

/** COMMANDLOG, the log of large requests and replies: Valkey has it from 8.1 on. */
export function keepsCommandlog(): boolean {
  const [, major = '0', minor = '0'] = /^Valkey server v=(\d+)\.(\d+)/.exec(says('--version')) ?? [];
  return Number(major) > 8 || (Number(major) === 8 && Number(minor) >= 1);
}

/** Undefined when the program speaks TLS; why it does not, when it was built without. */
export function lacksTls(): string | undefined {
  // It ends at once: without TLS because it cannot listen, with TLS because there is no certificate.
  const built = !/Failed finding TLS support|Bad directive/.test(says('--port', '0', '--tls-port', '1', '--save', ''));
  return built ? undefined : `this ${says('--version').split(' sha=')[0] ?? 'server'} is built without TLS`;
}
