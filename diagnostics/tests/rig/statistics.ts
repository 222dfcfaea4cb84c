import type pg from 'pg';

/**
 * What this session counted is in the statistics when it resolves. Otherwise it is told when the session is idle, at a moment
 * of the server's choosing. From 15 on it is told at once when that is asked for; before, a session tells it twice a second.
 */
export async function countersAreTold(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ now: string | null }>(
    `SELECT to_regproc('pg_stat_force_next_flush')::text AS now`
  );
  await client.query(rows[0]?.now == null ? 'SELECT pg_sleep(0.6)' : 'SELECT pg_stat_force_next_flush()');
}

/**
 * `VACUUM <what>`, after the counters of the client's own changes were told. A session tells them up to a second late, and those
 * that come after the VACUUM count rows as dead that it has removed.
 */
export async function vacuum(client: pg.Client, what: string): Promise<void> {
  await countersAreTold(client);
  await client.query(`VACUUM ${what}`);
}
