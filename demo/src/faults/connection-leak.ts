import type { FaultMaker } from './fault';

/** One route of the API forgets to give its connection back. */
export const connectionLeak: FaultMaker = (estate) => {
  /** The process that leaks: one that took its place does not. */
  let leaking: number | undefined;
  const api = estate.applications['gorax-api'];
  const active = (): boolean => leaking !== undefined && leaking === api.state().pid;
  const leak = async (method: 'PUT' | 'DELETE'): Promise<void> => {
    const answer = await fetch(`http://127.0.0.1:${estate.ports.goraxApi}/internal/leak`, {
      method,
      signal: AbortSignal.timeout(60_000),
    });
    if (!answer.ok) {
      throw new Error(`gorax-api refused to switch the leak (${answer.status})`);
    }
  };
  return {
    name: 'connection-leak',
    title: 'A route of the API stops giving its database connections back',
    watch: 'The pool of gorax-api is full while its sessions are idle in Postgres; every route waits for a connection.',
    expect: { pack: 'gorax', runbook: 'connection-exhaustion', cause: 'connection-leak' },
    active,
    async inject() {
      await leak('PUT');
      leaking = api.state().pid;
    },
    async clear() {
      if (active()) {
        await leak('DELETE');
      }
      leaking = undefined;
    },
  };
};
