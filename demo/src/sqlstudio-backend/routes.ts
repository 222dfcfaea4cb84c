/** The backend's routes: saved queries, history, connections, login and sync, each one or two statements. */
import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { QueryResultRow } from 'pg';
import { withDeadline } from '../application/httpService';

type Outcome = 'success' | 'failed';

interface Dependencies {
  query<T extends QueryResultRow>(
    operation: 'select' | 'insert' | 'update',
    text: string,
    values: readonly unknown[]
  ): Promise<T[]>;
  readonly onLogin: (status: Outcome) => void;
  readonly onSync: (status: Outcome) => void;
}

interface OfUser {
  readonly user: string;
}

interface LoginBody {
  readonly email?: string;
  readonly password?: string;
}

export function addRoutes(app: FastifyInstance, { query, onLogin, onSync }: Dependencies): void {
  const list = (path: string, text: string): void => {
    app.get(
      path,
      withDeadline((request) => query('select', text, [(request.query as OfUser).user]))
    );
  };
  list(
    '/api/queries',
    'SELECT id, title, updated_at FROM saved_queries WHERE user_id = $1 ORDER BY updated_at DESC LIMIT 20'
  );
  list(
    '/api/history',
    'SELECT id, body, duration_ms FROM query_history WHERE user_id = $1 ORDER BY executed_at DESC LIMIT 20'
  );
  list('/api/connections', 'SELECT id, name, kind FROM connections WHERE user_id = $1 ORDER BY id');

  app.post(
    '/api/auth/login',
    withDeadline(async (request, reply) => {
      const { email = '', password = '' } = (request.body ?? {}) as LoginBody;
      const rows = await query<{ password_hash: string }>(
        'select',
        'SELECT password_hash FROM users WHERE email = $1',
        [email]
      );
      const right = rows[0]?.password_hash === createHash('sha256').update(password).digest('hex');
      onLogin(right ? 'success' : 'failed');
      return right ? { ok: true } : reply.code(401).send({ error: 'authentication failed' });
    })
  );

  app.post(
    '/api/sync',
    withDeadline(async (request) => {
      const { user } = request.query as OfUser;
      try {
        await query('update', 'UPDATE saved_queries SET updated_at = now() WHERE user_id = $1 AND id % 5 = 0', [user]);
        await query('insert', `INSERT INTO sync_operations (user_id, status, items) VALUES ($1, 'completed', 4)`, [
          user,
        ]);
        onSync('success');
        return { synced: true };
      } catch (error) {
        onSync('failed');
        throw error;
      }
    })
  );
}
