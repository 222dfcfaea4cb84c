/**
 * How long a test waits for what has to come, ms: what takes seconds takes minutes on a machine that is busy with something
 * else, and no test fails because of that.
 */
export const WAIT_MS = 240_000;

/**
 * Asks again and again until the answer is as wanted.
 * Errors: it was not within `deadlineMs`; the message has the last answer, so that a failed run says what was seen.
 */
export async function askedInTurn<T>(
  what: string,
  deadlineMs: number,
  ask: () => Promise<T>,
  wanted: (answer: T) => boolean,
  everyMs = 400
): Promise<T> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) {
      return answer;
    }
    if (Date.now() > end) {
      throw new Error(
        `${what}: not seen within ${(deadlineMs / 1000).toFixed(0)} s. Last seen: ${JSON.stringify(answer, null, 1)}`
      );
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
