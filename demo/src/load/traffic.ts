/** What the users ask for, in a fixed rotation: the same mix in every second, so that a short window is a fair sample. */

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Told the answer, if there was one. */
  readonly then?: (status: number, body: string) => void;
}

/** Executions go to these; the first one is the busiest, and the row that the lock faults take. */
export const HOT_WORKFLOW = 'wf-1';

/** The share of a rotation of 24 calls: one second at the default rate. */
const GORAX_ROTATION = [
  ...['get', 'history', 'list', 'run', 'get', 'recent', 'history', 'get', 'run', 'get', 'history', 'list'],
  ...['get', 'history', 'session', 'run', 'get', 'recent', 'history', 'get', 'run', 'get', 'history', 'recent'],
] as const;

export function goraxTraffic(): () => Call {
  let count = 0;
  let runs = 0;
  let session = 'none';
  return () => {
    const kind = GORAX_ROTATION[count % GORAX_ROTATION.length];
    count += 1;
    const workflow = `wf-${((count * 7) % 640) + 1}`;
    const headers = { 'x-tenant-id': `tenant-${((count * 3) % 20) + 1}` };
    switch (kind) {
      case 'run': {
        runs += 1;
        // Every other execution is of the hot workflow, the rest of nine others.
        const id = runs % 2 === 0 ? HOT_WORKFLOW : `wf-${(runs % 18) + 2}`;
        return { method: 'POST', path: `/api/v1/workflows/${id}/executions`, headers, body: {} };
      }
      case 'list':
        return { method: 'GET', path: '/api/v1/workflows', headers };
      case 'history':
        return { method: 'GET', path: `/api/v1/workflows/${workflow}/executions`, headers };
      case 'recent':
        return { method: 'GET', path: '/api/v1/executions', headers };
      case 'session':
        return session === 'none'
          ? {
              method: 'POST',
              path: '/api/v1/login',
              body: {},
              then(status, body) {
                session = status === 200 ? (JSON.parse(body) as { session: string }).session : 'none';
              },
            }
          : {
              method: 'GET',
              path: '/api/v1/session',
              headers: { 'x-session-id': session },
              then(status) {
                session = status === 401 ? 'none' : session;
              },
            };
      default:
        return { method: 'GET', path: `/api/v1/workflows/${workflow}`, headers };
    }
  };
}

const SQLSTUDIO_ROTATION = [
  'queries',
  'history',
  'queries',
  'sync',
  'history',
  'login',
  'queries',
  'connections',
] as const;

export function sqlStudioTraffic(): () => Call {
  let count = 0;
  return () => {
    const kind = SQLSTUDIO_ROTATION[count % SQLSTUDIO_ROTATION.length] ?? 'queries';
    count += 1;
    const user = ((count * 13) % 500) + 1;
    switch (kind) {
      case 'sync':
        return { method: 'POST', path: `/api/sync?user=${user}`, body: {} };
      case 'login': {
        // One user in twenty mistypes the password.
        const password = count % 160 === 6 ? 'wrong' : `password-${user}`;
        return { method: 'POST', path: '/api/auth/login', body: { email: `user${user}@example.com`, password } };
      }
      default:
        return { method: 'GET', path: `/api/${kind}?user=${user}` };
    }
  };
}
