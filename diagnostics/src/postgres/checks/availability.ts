import { z } from 'zod';
import { defineCheck } from '../../model/check';
import { fact } from '../../model/fact';
import { sayFailure } from '../../model/failure';
import { CATALOG_LOCK_COLUMNS, type CatalogLock } from '../catalogLocks';
import { type Asking, POSTGRES_CLASSES, type PostgresClass, mendPostgres } from '../classify';

/** What reaching the server showed; found by the target, since every other check depends on it. */
export interface Reached extends Asking {
  readonly class: PostgresClass;
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
const UP: ReadonlySet<PostgresClass> = new Set([
  'ok',
  'too-many-clients',
  'role-limit',
  'auth',
  'database-missing',
  'pooler',
  'catalog-locked',
]);
/** Of this service, not of the server's clients. */
const OWN_TROUBLE = new Set(['role-limit', 'pooler']);

export const availability = defineCheck({
  id: 'postgres.availability',
  title: 'Postgres answers and takes connections',
  kind: 'postgres',
  asks: 'BEGIN on the held session; and an SSLRequest and a startup packet on a connection that never logs in (not to a pooler)',
  value: fact.count('1 up, 0 down'),
  fields: {
    up: fact.flag('true when the server serves sessions (also when it refuses ours: auth, limits)'),
    class: fact.word(POSTGRES_CLASSES, 'what happens to a client that connects now', UP),
    latencyMs: fact.ms('ms until the held session answered; null when it did not'),
    pooled: fact.flag('true when a pooler answers, not the server; null when nobody did'),
    held: fact.flag('true when the held session answered: the other checks could ask'),
    message: fact.text('what the server or the system said'),
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
        : sayFailure(reached),
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
