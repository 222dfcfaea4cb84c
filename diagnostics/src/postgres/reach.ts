/** Finds out, within about a second, whether the server is there, the held session works and a new client would be taken. */
import { elapsedMs } from '../model/clock';
import { type Deadline, DeadlineExceeded, before } from '../model/deadline';
import { Held } from '../model/held';
import type { PostgresConnectionConfig } from './connectionConfig';
import type { Reached } from './checks/availability';
import { type Asking, type PostgresClass, type PostgresFailure, classifyPostgres } from './classify';
import { type Probe, probePostgres } from './probe';
import { sslOf } from './secrets';
import { type Session, SessionLost, StillWaiting, beginRound, discardSession, endRound, openSession } from './session';

/** A healthy server answers in milliseconds. A busy one needs longer, and the round has to end within two seconds. */
const ANSWER_MS = 600;
const CONNECT_MS = 800;
/** What is left of the probe's time to find out who is silent. */
const SECOND_LOOK_MS = 200;
/** How long ending the transaction of a round may take. */
const END_MS = 200;
/** A pooler that refuses us is not asked again before this: it logs every client. */
const POOLER_REST_MS = 60_000;

export interface Reach {
  readonly reached: Reached;
  /** In the transaction of this round. */
  readonly session: Session | undefined;
}

/** A round that has begun. */
export interface Begun {
  /** In its transaction; undefined: there is nobody to ask. */
  readonly session: Session | undefined;
  /**
   * What was reached, once it is known whether a new client is taken; the checks do not wait for that. Without a session by
   * then, the server is being stopped: nothing that it said holds for what comes back.
   */
  settle(): Promise<Reach>;
}

/** A round of which everything is known already. */
export const settled = (reach: Reach): Begun => ({ session: reach.session, settle: () => Promise.resolve(reach) });

export interface ReachOptions {
  /** Connections that this service holds to that server as that role. */
  readonly sessions: number;
  readonly tellSecret: (secret: string) => void;
}

interface Connecting {
  readonly connecting: ReturnType<Held<Session, PostgresClass>['get']>;
  /** Why a new client is not taken; undefined: it is. */
  readonly refused: PostgresFailure | undefined;
  /** When the round began, of `performance.now`. */
  readonly startedAt: number;
  readonly deadline: Deadline;
}

export class PostgresReach {
  private readonly held: Held<Session, PostgresClass>;
  private readonly asking: Asking;
  private probe: Probe | undefined;
  private refusal: { readonly failure: PostgresFailure; readonly until: number } | undefined;
  /** The server is being stopped: it ended our session, or let it work while it refused others. Reset when it is gone or well. */
  private stopping = false;
  private readonly classify: (error: unknown) => PostgresFailure;

  constructor(
    private readonly target: PostgresConnectionConfig,
    { sessions, tellSecret }: ReachOptions
  ) {
    this.classify = (error) => classifyPostgres(error, target.tls !== false);
    this.asking = { user: target.user, database: target.database, sessions };
    this.held = new Held<Session, PostgresClass>({
      open: () => openSession(target, tellSecret),
      discard: discardSession,
      classify: (error) => this.told(this.classify(error)),
      // These last until somebody changes the configuration; an attempt in each round would fill the server's log.
      restMs: ({ class: failureClass }) => (RESTS.has(failureClass) ? 5000 : 0),
    });
  }

  async reach(deadline: Deadline): Promise<Begun> {
    if (this.refusal !== undefined && performance.now() < this.refusal.until) {
      return settled(this.down(this.refusal.failure));
    }
    this.refusal = undefined;
    const kept = this.held.current();
    // A pooler would take any client, and log it; what it has to give shows when the held session begins.
    const probing = kept?.pooled === true ? undefined : this.newClientMeets(deadline.within(ANSWER_MS));
    const startedAt = performance.now();
    if (kept === undefined) {
      const connecting = this.held.get(deadline.within(CONNECT_MS));
      return settled(await this.connect({ connecting, refused: this.refusedBy(await probing), startedAt, deadline }));
    }
    const lost = await this.begin(kept, deadline);
    const latencyMs = elapsedMs(startedAt);
    if (lost !== undefined && kept.waiting !== undefined) {
      return settled(this.down(worseOf(lost, this.refusedBy(await probing))));
    }
    if (lost !== undefined) {
      this.held.drop(kept);
      this.stopping ||= kept.endedBy === '57P01' || lost.class === 'shutting-down';
      return settled(await this.replace(kept, { lost, refused: this.refusedBy(await probing), startedAt, deadline }));
    }
    this.stopping = false;
    // Nobody waits for it before the checks have answered.
    probing?.catch(() => undefined);
    const settle = async (): Promise<Reach> => {
      const met = await probing;
      // A server that starts up has no session that works, so it is being stopped.
      this.stopping ||= met?.because === 'untold';
      return this.met(kept, latencyMs, this.refusedBy(met));
    };
    let settling: Promise<Reach> | undefined;
    return { session: kept, settle: () => (settling ??= settle()) };
  }

  private refusedBy(met: PostgresFailure | undefined): PostgresFailure | undefined {
    return met === undefined ? undefined : this.told(met);
  }

  /** The held session died. */
  private async replace(
    { pooled }: Session,
    { lost, ...asked }: Omit<Connecting, 'connecting'> & { readonly lost: PostgresFailure }
  ): Promise<Reach> {
    const { refused, deadline } = asked;
    if (refused !== undefined && refused.class !== 'too-many-clients') {
      // A new session would be refused as well.
      return this.down(
        refused.class === 'hung-postmaster'
          ? { class: 'hung', message: 'neither the open session nor a new connection gets an answer' }
          : refused
      );
    }
    if (pooled && lost.class === 'timeout') {
      // A new session would only wait for the pool again.
      return this.down(lost);
    }
    return this.connect({ ...asked, connecting: this.held.get(deadline.within(CONNECT_MS)) });
  }

  /** A new session, in the transaction of the round. */
  private async connect({ connecting, refused, startedAt, deadline }: Connecting): Promise<Reach> {
    if (refused?.class === 'shutting-down') {
      this.release();
      return this.down(refused);
    }
    const got = await connecting;
    if ('failure' in got) {
      return this.down(worseOf(got.failure, refused));
    }
    const session = got.connection;
    const failure = await this.begin(session, deadline);
    if (failure !== undefined) {
      if (session.waiting === undefined) {
        this.held.drop(session);
      }
      if (failure.class === 'pooler') {
        this.refusal = { failure, until: performance.now() + POOLER_REST_MS };
      }
      return this.down(failure);
    }
    return this.met(session, elapsedMs(startedAt), refused);
  }

  /** What was reached with a session that works: `refused` says why a new client is not taken. */
  private met(session: Session, latencyMs: number, refused: PostgresFailure | undefined): Reach {
    if (refused?.class === 'shutting-down') {
      // A smart shutdown waits until its clients have gone, so this service has to disconnect.
      this.release();
      return this.down(refused);
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
  private async begin(session: Session, deadline: Deadline): Promise<PostgresFailure | undefined> {
    try {
      await beginRound(session, deadline.within(ANSWER_MS));
      return undefined;
    } catch (error) {
      if (!(error instanceof SessionLost || error instanceof StillWaiting)) {
        // The server's own error says most.
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
  private async newClientMeets(deadline: Deadline): Promise<PostgresFailure | undefined> {
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

  /** 57P03 in a language that is not read: earlier rounds tell whether the server starts or stops. */
  private told(failure: PostgresFailure): PostgresFailure {
    this.stopping &&= failure.class !== 'refused';
    return failure.because === 'untold' && this.stopping ? { ...failure, class: 'shutting-down' } : failure;
  }

  private down(failure: PostgresFailure): Reach {
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
function worseOf(failure: PostgresFailure, refused: PostgresFailure | undefined): PostgresFailure {
  return failure.class === 'hung' && refused !== undefined && refused.class !== 'hung-postmaster' ? refused : failure;
}
