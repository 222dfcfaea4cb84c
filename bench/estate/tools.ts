/** What the cases do to the estate: sessions, statements, load, starvation. Everything ends with its restore. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openSession, runSql, type Session } from '../../demo/src/faults/session';
import type { CaseEstate, Restore } from './case';

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Statements as the superuser, each on its own. */
export const asSuperuser = (
  estate: CaseEstate,
  statements: readonly string[],
  database: 'gorax' | 'sqlstudio' = 'gorax'
) => runSql(estate.urlOf('superuser', database), statements);

/** A session of the superuser under the name of some client. */
export async function sessionOf(
  estate: CaseEstate,
  application: string,
  database: 'gorax' | 'sqlstudio' = 'gorax'
): Promise<Session> {
  const session = await openSession(estate.urlOf('superuser', database), application);
  const { processID: pid } = session.client as unknown as { processID: number };
  return {
    ...session,
    async end() {
      // A backend that sleeps or computes does not notice that its client has gone.
      if (session.open()) {
        await asSuperuser(estate, [`SELECT pg_terminate_backend(${pid})`]).catch(() => undefined);
      }
      await session.end();
    },
  };
}

/** Ends all, also those that run a statement. */
export async function endSessions(sessions: readonly Session[]): Promise<void> {
  for (const session of sessions) {
    await session.end();
  }
}

/** Does `work` again and again, `many` at a time, until it is stopped. Errors of the work are what it is there for. */
export function repeatedly(work: (worker: number) => Promise<unknown>, many = 1, pauseMs = 0): Restore {
  let going = true;
  const loops = Array.from({ length: many }, async (_, worker) => {
    while (going) {
      await work(worker).catch(() => pause(50));
      await pause(pauseMs);
    }
  });
  return async () => {
    going = false;
    await Promise.all(loops);
  };
}

/** Requests on their own schedule, as many a second, whatever becomes of them. */
export function requests(
  perSecond: number,
  call: (n: number) => { url: string; method?: string; tenant?: string }
): Restore {
  let n = 0;
  let owed = 0;
  let open = 0;
  const timer = setInterval(() => {
    for (owed += perSecond / 20; owed >= 1; owed -= 1) {
      n += 1;
      if (open > 400) {
        continue;
      }
      const { url, method = 'GET', tenant } = call(n);
      open += 1;
      fetch(url, {
        method,
        headers: {
          ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
          ...(tenant === undefined ? {} : { 'x-tenant-id': tenant }),
        },
        ...(method === 'GET' ? {} : { body: '{}' }),
        signal: AbortSignal.timeout(8000),
      })
        .then((answer) => answer.arrayBuffer())
        .catch(() => undefined)
        .finally(() => {
          open -= 1;
        });
    }
  }, 50);
  return () => {
    clearInterval(timer);
    return Promise.resolve();
  };
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended, which may be what the case is about.
  }
}

/** Lets the process run for only a share of the time: what a cgroup's quota does to it. */
export function starve(pidOf: () => number | undefined, share: number): Restore {
  const PERIOD_MS = 500;
  let stopped: number | undefined;
  const timer = setInterval(() => {
    const pid = pidOf();
    if (pid === undefined) {
      return;
    }
    stopped = pid;
    signal(pid, 'SIGSTOP');
    setTimeout(() => signal(pid, 'SIGCONT'), PERIOD_MS * (1 - share));
  }, PERIOD_MS);
  return async () => {
    clearInterval(timer);
    await pause(PERIOD_MS);
    if (stopped !== undefined) {
      signal(stopped, 'SIGCONT');
    }
  };
}

/** Stops a process where it is. */
export function freeze(pid: number | undefined): Restore {
  if (pid === undefined) {
    throw new Error('the process does not run');
  }
  signal(pid, 'SIGSTOP');
  return () => {
    signal(pid, 'SIGCONT');
    return Promise.resolve();
  };
}

export { signal };

/** A program of the newest PostgreSQL that is installed, such as `pg_dump`. Errors: there is none. */
export function postgresProgram(name: string): string {
  const root = '/usr/lib/postgresql';
  const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  const found = versions.map((version) => join(root, version, 'bin', name)).find((path) => existsSync(path));
  if (found === undefined) {
    throw new Error(`${name} is not installed (below ${root})`);
  }
  return found;
}

/** Does several in turn; puts them back in the opposite order, each whatever became of the others. */
export async function all(...steps: ReadonlyArray<() => Promise<Restore>>): Promise<Restore> {
  const done: Restore[] = [];
  for (const step of steps) {
    done.unshift(await step());
  }
  return async () => {
    const problems: unknown[] = [];
    for (const restore of done) {
      await restore().catch((error: unknown) => problems.push(error));
    }
    if (problems.length > 0) {
      throw problems[0];
    }
  };
}
