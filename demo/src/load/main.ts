/**
 * The users: requests arrive on their own schedule (an open loop), so a slow service meets a growing crowd, as it does in
 * reality. At most 300 requests are open at a time; a caller gives up after 8 s.
 */
import { Agent, request } from 'node:http';
import { number, required } from '../application/settings';
import { goraxTraffic, sqlStudioTraffic, type Call } from './traffic';

const OPEN_MAX = 300;
const GIVE_UP_MS = 8000;
const TICK_MS = 50;

const agent = new Agent({ keepAlive: true, maxSockets: OPEN_MAX });
let open = 0;

/** Sends one call; resolves with the status and body, or undefined when nobody answered. */
function send(base: string, call: Call): Promise<{ status: number; body: string } | undefined> {
  open += 1;
  return new Promise<{ status: number; body: string } | undefined>((resolve) => {
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    const headers = { ...call.headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const outgoing = request(
      `${base}${call.path}`,
      { method: call.method, agent, headers, timeout: GIVE_UP_MS },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text }));
        answer.on('error', () => resolve(undefined));
      }
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('gave up')));
    outgoing.on('error', () => resolve(undefined));
    outgoing.end(body);
  }).finally(() => {
    open -= 1;
  });
}

function drive(base: string, perSecond: number, next: () => Call): void {
  let owed = 0;
  setInterval(() => {
    owed += (perSecond * TICK_MS) / 1000;
    while (owed >= 1) {
      owed -= 1;
      if (open < OPEN_MAX) {
        const call = next();
        void send(base, call).then((answer) => answer !== undefined && call.then?.(answer.status, answer.body));
      }
    }
  }, TICK_MS);
}

drive(required('GORAX_URL'), number('GORAX_RATE', 24), goraxTraffic());
drive(required('SQLSTUDIO_URL'), number('SQLSTUDIO_RATE', 8), sqlStudioTraffic());

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => process.exit(0));
}
