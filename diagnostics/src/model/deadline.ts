/** Moments on the monotonic clock by which something has to be over. A step of the system's clock cannot move them. */

/** Below this there is no time left to ask anything, ms. */
export const TOO_LATE_MS = 30;

export class DeadlineExceeded extends Error {
  constructor(what: string, ms: number) {
    super(`${what}: no answer within ${Math.round(ms)} ms`);
  }
}

export interface Deadline {
  /** Milliseconds left, at least 0. */
  left(): number;
  /** The earlier of this deadline and `ms` from now. */
  within(ms: number): Deadline;
}

export function deadlineIn(ms: number): Deadline {
  const end = performance.now() + ms;
  return {
    left: () => Math.max(0, end - performance.now()),
    within: (other) => deadlineIn(Math.min(other, Math.max(0, end - performance.now()))),
  };
}

/** The promise, or `DeadlineExceeded` when it is not settled in time. The promise itself goes on; its end is ignored. */
export async function before<T>(deadline: Deadline, what: string, promise: Promise<T>): Promise<T> {
  const ms = deadline.left();
  let timer: NodeJS.Timeout | undefined;
  promise.catch(() => undefined);
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlineExceeded(what, ms)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
