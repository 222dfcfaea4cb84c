/** Is the server there, does the held session work, and what would a new client meet? All within a second or so. */
import { elapsedMs } from '../model/clock';
import { type Deadline, DeadlineExceeded, before } from '../model/deadline';
import type { Failure } from '../model/failure';
import { Held } from '../model/held';
import type { PostgresTargetConfig } from '../config/schema';
import type { Reached } from './checks/availability';
import { classifyPostgres } from './classify';
import { type Probe, probePostgres } from './probe';
import { type Session, askSession, discardSession, openSession, prepareSession } from './session';

/** A healthy server answers in milliseconds; a busy one deserves some patience, the round has to end in two seconds. */
const ANSWER_MS = 600;
const CONNECT_MS = 800;

export interface Reach {
  readonly reached: Reached;
  readonly session: Session | undefined;
}

export class PostgresReach {
  private readonly held: Held<Session>;
  private probe: Probe | undefined;

  constructor(private readonly target: PostgresTargetConfig) {
    this.held = new Held<Session>({
      open: () => openSession(target),
      discard: discardSession,
      classify: classifyPostgres,
      // These only change when somebody changes something; trying every round would fill the server's log.
      restMs: ({ class: is }) => (is === 'auth' || is === 'database-missing' || is === 'role-limit' ? 5000 : 0),
    });
  }

  async reach(deadline: Deadline): Promise<Reach> {
    const probing = this.newClientMeets(deadline.within(ANSWER_MS));
    const kept = this.held.current();
    const startedAt = performance.now();
    const connecting = kept === undefined ? this.held.get(deadline.within(CONNECT_MS)) : undefined;
    const alive = kept !== undefined && (await this.answers(kept, deadline));
    let latencyMs = elapsedMs(startedAt);
    if (kept !== undefined && !alive) {
      this.held.drop(kept);
    }
    const refused = await probing;

    if (refused?.class === 'shutting-down') {
      // A smart shutdown waits for its clients: do not be the one.
      this.release();
      return this.down(refused);
    }
    let session = alive ? kept : undefined;
    if (session === undefined) {
      if (kept !== undefined && refused !== undefined && refused.class !== 'too-many-clients') {
        // The held session died and a new one would not be taken either: no need to try.
        return this.down(
          refused.class === 'hung-postmaster'
            ? { class: 'hung', message: 'neither the open session nor a new connection gets an answer' }
            : refused
        );
      }
      const got = await (connecting ?? this.held.get(deadline.within(CONNECT_MS)));
      if ('failure' in got) {
        return this.down(worseOf(got.failure, refused));
      }
      session = got.connection;
      const answered = await this.answers(session, deadline);
      latencyMs = elapsedMs(startedAt);
      if (!answered) {
        this.held.drop(session);
        return this.down({ class: 'hung', message: 'the session was opened and does not answer' });
      }
    }
    return {
      session,
      reached: {
        ...this.whoAsks(),
        class: refused?.class ?? 'ok',
        message: refused?.message ?? 'accepting connections',
        latencyMs,
        held: true,
      },
    };
  }

  private async answers(session: Session, deadline: Deadline): Promise<boolean> {
    const limit = deadline.within(ANSWER_MS);
    try {
      if (session.prepared) {
        await askSession(session, limit, 'SELECT 1');
      } else {
        await prepareSession(session, limit);
      }
      return true;
    } catch {
      return false;
    }
  }

  /** Undefined: a new client would be taken. A probe that got no answer goes on until the next round. */
  private async newClientMeets(deadline: Deadline): Promise<Failure | undefined> {
    const probe = this.probe ?? probePostgres(this.target);
    this.probe = probe;
    try {
      const refused = await before(deadline, 'the probe', probe.refused);
      this.probe = undefined;
      return refused;
    } catch (error) {
      if (!(error instanceof DeadlineExceeded)) {
        throw error;
      }
      return probe.stage() === 'login'
        ? {
            class: 'timeout',
            message: 'the server answers, but logins hang: something locks pg_authid, pg_database or another catalog',
          }
        : { class: 'hung-postmaster', message: 'new connections get no answer while open sessions work' };
    }
  }

  private down(failure: Failure): Reach {
    return {
      session: undefined,
      reached: { ...this.whoAsks(), ...failure, latencyMs: null, held: false },
    };
  }

  private whoAsks(): Pick<Reached, 'user' | 'database'> {
    return { user: this.target.user, database: this.target.database };
  }

  /** Throws the held session away; the next round opens a new one. */
  release(): void {
    const session = this.held.current();
    if (session !== undefined) {
      this.held.drop(session);
    }
  }

  close(): void {
    this.probe?.abandon();
    this.held.close();
  }
}

/** Without a held session "no answer" to a login is refined by what the probe saw. */
function worseOf(failure: Failure, refused: Failure | undefined): Failure {
  return failure.class === 'hung' && refused !== undefined && refused.class !== 'hung-postmaster' ? refused : failure;
}
