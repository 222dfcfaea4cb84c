/** Asks a running service, and holds every answer against its own OpenAPI document. */
import type { CheckResult } from '@live-runbooks/engine';
import Ajv2020 from 'ajv/dist/2020';
import type { Service } from '../../src';
import { allChecks } from '../../src/checks';
import type { Round } from '../../src/model/round';
import { openApi } from '../../src/http/openapi';
import { noStores } from '../../src/stores';
import { TOKEN } from './secrets';

const document = openApi('test', noStores().extensions) as { components: { schemas: Record<string, object> } };
const ajv = new Ajv2020({
  strict: false,
  allErrors: true,
  formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/ },
});
ajv.addSchema(document, 'openapi');

/** Throws with what differs. */
export function holds(schema: string, body: unknown): void {
  const validate = ajv.getSchema(`openapi#/components/schemas/${schema}`);
  if (validate === undefined) {
    throw new Error(`OpenAPI has no schema ${schema}`);
  }
  if (validate(body) !== true) {
    throw new Error(`the answer is no ${schema}: ${ajv.errorsText(validate.errors)}`);
  }
}

/** Throws when a result has not exactly what its check declares, or a value that is another than that of its field. */
export function holdsResult(result: CheckResult): void {
  holds(result.id, result);
  const field = allChecks.find(({ id }) => id === result.id)?.value.field;
  if (field !== undefined && result.fields[field] !== result.value) {
    throw new Error(`${result.id}: the value ${result.value} is not its field ${field}: ${result.fields[field]}`);
  }
}

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
  readonly ms: number;
}

export async function ask<T>(service: Service, path: string, init: RequestInit = {}): Promise<Answer<T>> {
  const startedAt = performance.now();
  const response = await fetch(`${service.url}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${TOKEN}`, ...(init.headers as Record<string, string> | undefined) },
  });
  const text = await response.text();
  const ms = performance.now() - startedAt;
  const body = (response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text) as T;
  return { status: response.status, body, ms };
}

export async function roundOf(service: Service, target: string): Promise<Round & { readonly ms: number }> {
  const { status, body, ms } = await ask<Round>(service, `/v1/targets/${target}/round`);
  if (status !== 200) {
    throw new Error(`HTTP ${status}: ${JSON.stringify(body)}`);
  }
  holds('Round', body);
  body.checks.forEach(holdsResult);
  return { ...body, ms };
}

/** The round in which silence is a finding: one attempt without an answer is only unknown. */
export const settledRoundOf = (service: Service, target: string): ReturnType<typeof roundOf> =>
  until(
    'silence has lasted',
    () => roundOf(service, target),
    (round) => !round.checks.some(({ summary }) => summary.startsWith('no answer in time, and that has lasted'))
  );

export async function runCheck(service: Service, target: string, check: string): Promise<CheckResult> {
  const { status, body } = await ask<CheckResult>(service, `/v1/targets/${target}/checks/${check}`, { method: 'POST' });
  if (status !== 200) {
    throw new Error(`HTTP ${status}: ${JSON.stringify(body)}`);
  }
  holds('CheckResult', body);
  holdsResult(body);
  return body;
}

export function checkIn(round: Pick<Round, 'checks'>, id: string): CheckResult {
  const found = round.checks.find((check) => check.id === id);
  if (found === undefined) {
    throw new Error(`the round has no ${id}`);
  }
  return found;
}

/** In a round in which the service starved, the summary begins with that. */
const CUT_SHORT =
  /(?:^|proves nothing: )(?:not asked: the time of the round|the server did not answer within|no answer: )|could not be read within the time of a round/;

/**
 * A busy machine left no time for it: the round was used up, or a session took longer than a server is given. That says
 * nothing of the check, and the next answer may.
 */
export const cutShort = ({ state, reason, summary, mend }: CheckResult): boolean =>
  (state === 'unknown' && reason === 'timeout' && CUT_SHORT.test(summary)) ||
  /takes connections and answers nothing/.test(mend ?? '');

/** Polls until `accept` takes the value; at the deadline it fails with the last one. */
export async function until<T>(
  what: string,
  get: () => Promise<T>,
  accept: (value: T) => boolean,
  deadlineMs = 120_000
): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  let last: T | undefined;
  while (performance.now() < deadline) {
    last = await get();
    if (accept(last)) {
      return last;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`not within ${deadlineMs} ms: ${what}. Last: ${JSON.stringify(last)?.slice(0, 2000)}`);
}

/** One check on demand, until it is in that state. */
export const untilState = (
  service: Service,
  target: string,
  check: string,
  state: CheckResult['state'],
  deadlineMs?: number
): Promise<CheckResult> =>
  until(
    `${check} is ${state}`,
    () => runCheck(service, target, check),
    (result) => result.state === state,
    deadlineMs
  );
