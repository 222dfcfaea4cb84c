import { z } from 'zod';
import { defineCheck } from '../../model/check';
import { CATALOG_LOCK_COLUMNS, type CatalogLock } from '../catalog-locks';
import { type Asking, POSTGRES_CLASSES, mendPostgres } from '../classify';

/** What reaching the server showed; found by the target, since every other check depends on it. */
export interface Reached extends Asking {
  readonly class: string;
  readonly message: string;
  readonly because?: string;
  readonly latencyMs: number | null;
  /** The held session answered. */
  readonly held: boolean;
  /** It is a pooler that answers. */
  readonly pooled: boolean;
  /** With class `catalog-locked`: who holds what. */
  readonly locks?: readonly CatalogLock[];
}

/** The server serves sessions, even when it would not take ours: what `pg_isready` calls accepting connections. */
const UP = new Set(['ok', 'too-many-clients', 'role-limit', 'auth', 'database-missing', 'pooler', 'catalog-locked']);
/** Of this service, not of the server's clients. */
const OWN_TROUBLE = new Set(['role-limit', 'pooler']);

export const availability = defineCheck({
  id: 'postgres.availability',
  title: 'Postgres answers and takes connections',
  kind: 'postgres',
  asks: 'BEGIN on the held session; and an SSLRequest and a startup packet on a connection that never logs in (not to a pooler)',
  unit: 'short',
  words: { class: POSTGRES_CLASSES },
  fields: {
    up: 'true when the server serves sessions (also when it refuses ours: auth, limits)',
    class: `what a client meets that connects now: ${POSTGRES_CLASSES.join(', ')}`,
    latencyMs: 'ms until the held session answered; null when it did not',
    pooled: 'true when a pooler answers, not the server; null when nobody did',
    held: 'true when the held session answered: the other checks could ask',
    message: 'what the server or the system said',
  },
  rows: { locks: CATALOG_LOCK_COLUMNS },
  mend: 'See the class.',
  privilege: 'CREATE ROLE live_runbooks LOGIN CONNECTION LIMIT 10 (LOGIN is all that it needs)',
  below: true,
  options: z.strictObject({ critical: z.number().default(0) }),
  make: () => async (reached: Reached) => {
    const up = UP.has(reached.class);
    const ok = reached.class === 'ok';
    return {
      value: up ? 1 : 0,
      summary: ok
        ? `up, answered in ${reached.latencyMs ?? 0} ms${reached.pooled ? ', through a pooler' : ''}`
        : `${reached.class}: ${reached.message}`,
      fields: {
        up,
        class: reached.class,
        latencyMs: reached.latencyMs,
        pooled: reached.held ? reached.pooled : null,
        held: reached.held,
        message: reached.message,
      },
      ...(ok ? {} : { atLeast: OWN_TROUBLE.has(reached.class) ? ('warning' as const) : ('critical' as const) }),
      ...(reached.locks === undefined ? {} : { rows: { locks: reached.locks } }),
      mend: mendPostgres(reached, reached),
    };
  },
});
