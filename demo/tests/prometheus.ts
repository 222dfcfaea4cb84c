/** Asks the estate's Prometheus, and waits for an answer with a deadline. */

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export async function ask(url: string, expr: string): Promise<Sample[]> {
  const answer = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expr }).toString()}`);
  const body = (await answer.json()) as {
    status: string;
    error?: string;
    data?: { result: Array<{ metric: Record<string, string>; value: [number, string] }> };
  };
  if (body.status !== 'success' || body.data === undefined) {
    throw new Error(`${expr}: ${body.error ?? answer.status}`);
  }
  return body.data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}

/** Generous: what is waited for takes seconds, unless the machine is busy with something else. */
const DEADLINE_MS = 180_000;

/** Resolves with the first value of the expression that `good` accepts. Errors: what it was instead, at the deadline. */
export async function until(url: string, expr: string, good: (value: number) => boolean): Promise<number> {
  const deadline = Date.now() + DEADLINE_MS;
  let last: number | undefined;
  while (Date.now() < deadline) {
    last = (await ask(url, expr))[0]?.value;
    if (last !== undefined && good(last)) {
      return last;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`after ${DEADLINE_MS / 1000} s still ${last ?? 'no series'}: ${expr}`);
}
