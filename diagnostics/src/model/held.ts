/**
 * One connection, held open, to a server that may hang, be full, or be gone.
 *
 * An attempt to connect that gets no answer is kept, not repeated: while a server hangs, a new attempt every round would
 * fill its queue of waiting clients. When it wakes up, the kept attempt becomes the held connection.
 */
import { type Deadline, before } from './deadline';
import { type Failure, NOT_RESOLVED_IN_TIME } from './failure';

/** A connection being made. */
export interface Attempt<C> {
  readonly connected: Promise<C>;
  /** How far it got: the name is looked up, TCP connects, the server has to answer. */
  stage(): 'dns' | 'tcp' | 'answer';
  /** Closes whatever is open, at once. */
  abandon(): void;
}

/** The class of a failure by timeout, by how far the attempt got. */
type Silence = 'hung' | 'timeout' | 'dns';

export interface HeldOptions<C, Class extends string> {
  readonly open: () => Attempt<C>;
  readonly discard: (connection: C) => void;
  readonly classify: (error: unknown) => Failure<Class>;
  /** No new attempt for this long after such a failure (a wrong password need not be tried every 2 s). */
  readonly restMs: (failure: Failure<Class>) => number;
}

const ATTEMPT_LIMIT_MS = 30_000;

export class Held<C, Class extends string> {
  private connection: C | undefined;
  private attempt: { readonly attempt: Attempt<C>; readonly startedAt: number } | undefined;
  private rest: { readonly failure: Failure<Class>; readonly until: number } | undefined;
  private closed = false;

  constructor(private readonly options: HeldOptions<C, Class>) {}

  current(): C | undefined {
    return this.connection;
  }

  /** The connection, or why there is none by the deadline. */
  async get(deadline: Deadline): Promise<{ connection: C } | { failure: Failure<Class | Silence> }> {
    if (this.connection !== undefined) {
      return { connection: this.connection };
    }
    if (this.rest !== undefined && performance.now() < this.rest.until) {
      return { failure: this.rest.failure };
    }
    this.rest = undefined;
    const running = this.attempt ?? this.begin();
    try {
      const connection = await before(deadline, 'connecting', running.attempt.connected);
      return { connection };
    } catch (error) {
      if (this.connection !== undefined) {
        return { connection: this.connection };
      }
      if (this.attempt === running) {
        // Still without an answer.
        const stage = running.attempt.stage();
        const failure: Failure<Silence> =
          stage === 'answer'
            ? { class: 'hung', message: 'the server takes connections and does not answer' }
            : stage === 'tcp'
              ? { class: 'timeout', message: 'no connection: the network or the host does not answer' }
              : { class: 'dns', message: NOT_RESOLVED_IN_TIME };
        if (performance.now() - running.startedAt > ATTEMPT_LIMIT_MS) {
          this.abandon();
        }
        return { failure };
      }
      return { failure: this.options.classify(error) };
    }
  }

  private begin(): { readonly attempt: Attempt<C>; readonly startedAt: number } {
    const running = { attempt: this.tryToOpen(), startedAt: performance.now() };
    this.attempt = running;
    running.attempt.connected.then(
      (connection) => {
        if (this.attempt !== running || this.closed) {
          this.options.discard(connection);
          return;
        }
        this.attempt = undefined;
        this.connection = connection;
      },
      (error: unknown) => {
        if (this.attempt === running) {
          this.attempt = undefined;
          const failure = this.options.classify(error);
          const restMs = this.options.restMs(failure);
          this.rest = restMs > 0 ? { failure, until: performance.now() + restMs } : undefined;
        }
      }
    );
    return running;
  }

  /** An error before anything was sent (a file that cannot be read) is a failed attempt too. */
  private tryToOpen(): Attempt<C> {
    try {
      return this.options.open();
    } catch (error) {
      const failed = error instanceof Error ? error : new Error(String(error));
      return { connected: Promise.reject(failed), stage: () => 'dns', abandon: () => undefined };
    }
  }

  private abandon(): void {
    const running = this.attempt;
    this.attempt = undefined;
    running?.attempt.connected.catch(() => undefined);
    running?.attempt.abandon();
  }

  /** Throws the held connection away: it is poisoned or lost. */
  drop(connection: C): void {
    if (this.connection === connection) {
      this.connection = undefined;
    }
    this.options.discard(connection);
  }

  close(): void {
    this.closed = true;
    this.abandon();
    if (this.connection !== undefined) {
      this.drop(this.connection);
    }
  }
}
