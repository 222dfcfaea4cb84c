/**
 * A server that reads its data from disk answers only now and then. After it said so, silence means that it is loading, and
 * not hung.
 */
import type { RedisFailure } from './classify';
import type { Answer } from './session';

/** For so long after it said that it loads, silence means that it still loads. */
const HOLDS_MS = 60_000;

export class Loading {
  private said: { readonly message: string; readonly at: number } | undefined;

  /** What it answered when the connection was made. */
  hear(greeting: Answer, now: number): void {
    if (greeting instanceof Error && greeting.message.startsWith('LOADING')) {
      this.said = { message: greeting.message, at: now };
    }
  }

  /** What was found when it answered. */
  note({ class: failureClass, message }: RedisFailure, now: number): void {
    this.said = failureClass === 'loading' ? { message, at: now } : undefined;
  }

  /** The failure, or what it means of a server that loads. */
  orElse(failure: RedisFailure, now: number): RedisFailure {
    if (failure.class !== 'hung' || this.said === undefined || now - this.said.at > HOLDS_MS) {
      return failure;
    }
    const seconds = Math.max(0, Math.round((now - this.said.at) / 1000));
    return { class: 'loading', message: `it is slow to answer; ${seconds} s ago it said: ${this.said.message}` };
  }
}
