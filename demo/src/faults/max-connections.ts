import type { FaultMaker } from './fault';
import { type Session, openSession } from './session';

const APPLICATION = 'nightly-export';
const RETRY_MS = 150;

/** Another client takes every connection slot of the server, and each one that becomes free. */
export const maxConnections: FaultMaker = (estate) => {
  let greedy = false;
  let taken: Session[] = [];
  let timer: NodeJS.Timeout | undefined;

  const take = async (): Promise<void> => {
    while (greedy) {
      try {
        const session = await openSession(estate.urlOf('reporting', 'gorax'), APPLICATION);
        session.client.on('end', () => {
          // Ended by somebody else: it takes the hint and stops asking for more.
          greedy = greedy && session.open();
        });
        session.client.on('error', () => {
          greedy = false;
        });
        taken.push(session);
      } catch {
        // No slot is free; one may become so.
        await new Promise((resolve) => {
          timer = setTimeout(resolve, RETRY_MS);
        });
      }
    }
  };

  return {
    name: 'max-connections',
    title: 'A nightly export takes every connection slot of the server',
    watch:
      'Postgres answers 53300 to new connections; both applications fail as their connections reach the end of their life.',
    expect: { pack: 'gorax', runbook: 'connection-exhaustion', cause: 'max-connections' },
    active: () => taken.some((session) => session.open()),
    async inject() {
      if (!greedy) {
        greedy = true;
        taken = taken.filter((session) => session.open());
        void take();
      }
      const deadline = Date.now() + 60_000;
      while (timer === undefined && greedy && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async clear() {
      greedy = false;
      clearTimeout(timer);
      timer = undefined;
      const all = taken;
      taken = [];
      await Promise.all(all.map((session) => session.end()));
    },
  };
};
