/** What the live scenarios of Postgres checks share: one server, one service, and short words for asking. */
import type { CheckResult } from '@live-runbooks/engine';
import type pg from 'pg';
import type { PostgresOptions } from '../../../demo/src/servers';
import type { Round } from '../../src/model/round';
import { roundOf, runCheck, until, untilState } from '../rig/client';
import { type PostgresRig, postgresRig } from '../rig/postgres';
import { type TestService, serve } from '../rig/service';

export const TARGET = 'shop-postgres';

export interface Stage {
  readonly rig: PostgresRig;
  readonly service: TestService;
  /** One check, run now. */
  check(id: string): Promise<CheckResult>;
  becomes(id: string, state: CheckResult['state'], deadlineMs?: number): Promise<CheckResult>;
  until(id: string, what: string, accept: (check: CheckResult) => boolean, deadlineMs?: number): Promise<CheckResult>;
  round(): Promise<Round & { readonly ms: number }>;
  dispose(): Promise<void>;
}

export async function stage(
  checks: Record<string, unknown> = {},
  options: PostgresOptions = {},
  prepare: (rig: PostgresRig) => Promise<void> = () => Promise.resolve()
): Promise<Stage> {
  const rig = await postgresRig(options);
  await prepare(rig);
  const service = await serve([rig.target({ checks })]);
  const check = (id: string): Promise<CheckResult> => runCheck(service, TARGET, id);
  return {
    rig,
    service,
    check,
    becomes: (id, state, deadlineMs) => untilState(service, TARGET, id, state, deadlineMs),
    until: (id, what, accept, deadlineMs) => until(`${id}: ${what}`, () => check(id), accept, deadlineMs),
    round: () => roundOf(service, TARGET),
    async dispose() {
      await service.close();
      await rig.dispose();
    },
  };
}

/** Starts a statement that will wait or take long; its end, good or bad, is nobody's concern. */
export const start = (client: pg.Client, sql: string): void => {
  client.query(sql).catch(() => undefined);
};

export const pidOf = async (client: pg.Client): Promise<number> => {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? -1;
};
