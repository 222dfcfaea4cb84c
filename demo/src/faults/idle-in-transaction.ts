import { HOT_WORKFLOW } from '../load/traffic';
import type { FaultMaker } from './fault';
import { type Session, openSession } from './session';

/** A worker that updated a busy row and then waits for something else, with its transaction open. */
export const idleInTransaction: FaultMaker = (estate) => {
  let session: Session | undefined;
  return {
    name: 'idle-in-transaction',
    title: 'A worker session updates a busy workflow and sits idle in its transaction',
    watch: 'Sessions queue for the row lock of the workflow, the connection pools fill, the API answers 503 and 504.',
    expect: { pack: 'gorax', runbook: 'lock-contention', cause: 'idle-in-transaction' },
    active: () => session?.open() ?? false,
    async inject() {
      if (session?.open()) {
        return;
      }
      const holder = await openSession(estate.urlOf('gorax', 'gorax'), 'gorax-worker');
      session = holder;
      await holder.client.query('BEGIN');
      await holder.client.query('UPDATE workflows SET version = version + 1 WHERE id = $1', [HOT_WORKFLOW]);
    },
    async clear() {
      await session?.end();
      session = undefined;
    },
  };
};
