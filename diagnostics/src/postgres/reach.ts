/** Is the server there, does the held session work, and what would a new client meet? All within a second or so. */
import { elapsedMs } from '../model/clock';
import { type Deadline, DeadlineExceeded, before } from '../model/deadline';
import type { Failure } from '../model/failure';
import { Held } from '../model/held';
import type { PostgresTargetConfig } from '../config/schema';
import type { Reached } from './checks/availability';
import { type Asking, classifyPostgres } from './classify';
import { type Probe, probePostgres } from './probe';
import { sslOf } from './secrets';
import { type Session, SessionLost, beginRound, discardSession, endRound, openSession } from './session';

/** A healthy server answers in milliseconds; a busy one deserves some patience, the round has to end in two seconds. */
const ANSWER_MS = 600;
const CONNECT_MS = 800;
/** What is left of the probe's time to find out who is silent. */
const SECOND_LOOK_MS = 200;
/** How long a goodbye to the transaction of a round may take. */
const END_MS = 200;
/** A pooler that refuses us is not asked again before this: it logs every client. */
const POOLER_REST_MS = 60_000;

export interface Reach {
  readonly reached: Reached;
  /** In the transaction of this round. */
  readonly session: Session | undefined;
}

export interface ReachOptions {
  /** Connections that this service holds to that server as that role. */
  readonly sessions: number;
  readonly tellSecret: (secret: string) => void;
}

export class PostgresReach {
  private readonly held: Held<Session>;
  private readonly asking: Asking;
  private probe: Probe | undefined;
  private refusal: { readonly failure: Failure; readonly until: number } | undefined;
  /** It ended our session, or let it work on while it refused others: it is being stopped, until it is gone or well. */
  private stopping = false;
  private readonly classify: (error: unknown) => Failure;

  constructor(
    private readonly target: PostgresTargetConfig,
    { sessions, tellSecret }: ReachOptions
  ) {
    this.classify = (error) => classifyPostgres(error, target.tls !== false);
    this.asking = { user: target.user, database: target.database, sessions };
    this.held = new Held<Session>({
      open: () => openSession(target, tellSecret),
      discard: discardSession,
      classify: (error) => this.told(this.classify(error)),
      // These only change when somebody changes something; trying every round would fill the server's log.
      restMs: ({ class: is }) => (RESTS.has(is) ? 5000 : 0),
    });
  }

  async reach(deadline: Deadline): Promise<Reach> {
    if (this.refusal !== undefined && performance.now() < this.refusal.until) {
      return this.down(this.refusal.failure);
    }
    this.refusal = undefined;
    const kept = this.held.current();
    // A pooler would take any client, and log it; what it has to give shows when the held session begins.
    const probing = kept?.pooled === true ? undefined : this.newClientMeets(deadline.within(ANSWER_MS));
    const startedAt = performance.now();
    const connecting = kept === undefined ? this.held.get(deadline.within(CONNECT_MS)) : undefined;
    const lost = kept === undefined ? undefined : await this.begin(kept, deadline);
    let latencyMs = elapsedMs(startedAt);
    if (kept !== undefined && lost !== undefined) {
      this.held.drop(kept);
    }
    if (kept !== undefined && lost === undefined) {
      this.stopping = false;
    } else if (kept?.endedBy === '57P01' || lost?.class === 'shutting-down') {
      this.stopping = true;
    }
    const met = await probing;
    // One that starts has no session that works.
    this.stopping ||= met?.because === 'untold' && kept !== undefined && lost === undefined;
    const refused = met === undefined ? undefined : this.told(met);

    if (refused?.class === 'shutting-down') {
      // A smart shutdown waits for its clients: do not be the one.
      this.release();
      return this.down(refused);
    }
    let session = lost === undefined ? kept : undefined;
    if (session === undefined) {
      if (kept !== undefined && refused !== undefined && refused.class !== 'too-many-clients') {
        // The held session died and a new one would not be taken either: no need to try.
        return this.down(
          refused.class === 'hung-postmaster'
            ? { class: 'hung', message: 'neither the open session nor a new connection gets an answer' }
            : refused
        );
      }
      if (kept?.pooled === true && lost?.class === 'timeout') {
        // It would only queue for the pool once more.
        return this.down(lost);
      }
      const got = await (connecting ?? this.held.get(deadline.within(CONNECT_MS)));
      if ('failure' in got) {
        return this.down(worseOf(got.failure, refused));
      }
      session = got.connection;
      const failure = await this.begin(session, deadline);
      latencyMs = elapsedMs(startedAt);
      if (failure !== undefined) {
        this.held.drop(session);
        if (failure.class === 'pooler') {
          this.refusal = { failure, until: performance.now() + POOLER_REST_MS };
        }
        return this.down(failure);
      }
    }
    // A file that cannot be read now is no trouble of the server while the session lasts.
    const meets = refused?.class === 'tls' ? undefined : refused;
    return {
      session,
      reached: {
        ...this.asking,
        class: meets?.class ?? 'ok',
        message: meets?.message ?? 'accepting connections',
        latencyMs,
        held: true,
        pooled: session.pooled,
      },
    };
  }

  /** Undefined: the transaction of the round is open. */
  private async begin(session: Session, deadline: Deadline): Promise<Failure | undefined> {
    try {
      await beginRound(session, deadline.within(ANSWER_MS));
      return undefined;
    } catch (error) {
      if (!(error instanceof SessionLost)) {
        // What the server said is the best that can be said.
        return this.classify(error);
      }
      return session.pooled
        ? {
            class: 'timeout',
            message: 'the pooler gives no connection of its pool: it is used up, or the server is slow',
          }
        : { class: 'hung', message: 'the session was opened and does not answer' };
    }
  }

  /** After the last question of a round. */
  async end(session: Session, deadline: Deadline): Promise<void> {
    await endRound(session, deadline.within(END_MS)).catch(() => this.held.drop(session));
    if (session.broken) {
      this.release();
    }
  }

  /** Undefined: a new client would be taken. A probe that got no answer goes on until the next round. */
  private async newClientMeets(deadline: Deadline): Promise<Failure | undefined> {
    try {
      this.probe ??= probePostgres({ ...this.target, ssl: sslOf(this.target) as { cert?: unknown } | undefined });
    } catch (error) {
      return this.classify(error);
    }
    const probe = this.probe;
    try {
      const refused = await before(deadline.within(deadline.left() - SECOND_LOOK_MS), 'the probe', probe.refused);
      this.probe = undefined;
      return refused;
    } catch (error) {
      if (!(error instanceof DeadlineExceeded)) {
        throw error;
      }
      await probe.postmasterAnswers();
      return probe.stage() === 'login'
        ? {
            class: 'timeout',
            message: 'the server answers, but logins hang: something locks pg_authid, pg_database or another catalog',
          }
        : { class: 'hung-postmaster', message: 'new connections get no answer while open sessions work' };
    }
  }

  /** 57P03 in another language: what was seen of the server tells whether it comes or goes. */
  private told(failure: Failure): Failure {
    this.stopping &&= failure.class !== 'refused';
    return failure.because === 'untold' && this.stopping ? { ...failure, class: 'shutting-down' } : failure;
  }

  private down(failure: Failure): Reach {
    return {
      session: undefined,
      reached: { ...this.asking, ...failure, latencyMs: null, held: false, pooled: false },
    };
  }

  /** Throws the held session away; the next round opens a new one. */
  private release(): void {
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

const RESTS = new Set(['auth', 'database-missing', 'role-limit', 'tls']);

/** Without a held session "no answer" to a login is refined by what the probe saw. */
function worseOf(failure: Failure, refused: Failure | undefined): Failure {
  return failure.class === 'hung' && refused !== undefined && refused.class !== 'hung-postmaster' ? refused : failure;
}
