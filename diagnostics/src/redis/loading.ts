/**
 * A server that reads its data from disk answers only now and then: one that said so is loading while it is silent, and
 * not hung.
 */
import type { RedisFailure } from './classify';
import type { Answer } from './session';

/** How long what it said holds for its silence. */
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
  note({ class: is, message }: RedisFailure, now: number): void {
    this.said = is === 'loading' ? { message, at: now } : undefined;
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
