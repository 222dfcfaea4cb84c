/** Statements that a session keeps: planned once, given up when the server no longer takes them, and never for ever. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type pg from 'pg';
import type { PostgresConnectionConfig } from '../../src/postgres/connectionConfig';
import { deadlineIn } from '../../src/model/deadline';
import { KeptPlans } from '../../src/postgres/keptPlans';
import {
  type Session,
  askSession,
  beginRound,
  discardSession,
  endRound,
  openSession,
} from '../../src/postgres/session';
import { roundOf, until } from '../rig/client';
import { type PostgresRig, postgresRig } from '../rig/postgres';
import { type TestService, serve } from '../rig/service';
import { TARGET } from './stage';

describe('KeptPlans', () => {
  test('one name for each statement, and other names in another session', () => {
    const plans = new KeptPlans();
    const [one, other] = [plans.nameOf('SELECT 1'), plans.nameOf('SELECT 2')];
    expect(plans.nameOf('SELECT 1')).toBe(one);
    expect(other).not.toBe(one);
    expect(new KeptPlans().nameOf('SELECT 1')).not.toBe(one);
  });

  test('a hundred names at most, lost ones among them', () => {
    const plans = new KeptPlans();
    const first = plans.nameOf('SELECT 0');
    for (let n = 1; n < 99; n += 1) {
      plans.nameOf(`SELECT ${n}`);
    }
    plans.lose('SELECT 0');
    expect(plans.nameOf('SELECT 0')).not.toBe(first);
    expect(plans.nameOf('SELECT 100')).toBeUndefined();
    expect(plans.nameOf('SELECT 1')).toBeDefined();
  });

  test('plans are old after an hour, and at once when one was too slow', () => {
    let now = 0;
    const plans = new KeptPlans(() => now);
    now = 3_599_000;
    expect(plans.takeDue()).toBe(false);
    now = 3_600_000;
    expect([plans.takeDue(), plans.takeDue()]).toEqual([true, false]);
    plans.distrust();
    expect([plans.takeDue(), plans.takeDue()]).toEqual([true, false]);
  });
});

describe('a session', () => {
  let rig: PostgresRig;
  let admin: pg.Client;
  let session: Session | undefined;
  let service: TestService | undefined;

  beforeAll(async () => {
    rig = await postgresRig({ settings: { 'pg_stat_statements.track_planning': 'on' } });
    admin = await rig.admin();
    await admin.query('CREATE TABLE t AS SELECT 1 AS a; GRANT SELECT ON t TO live_runbooks');
  });
  afterEach(async () => {
    if (session !== undefined) {
      discardSession(session);
      session = undefined;
    }
    await service?.close();
    service = undefined;
  });
  afterAll(() => rig.dispose());

  const open = async (): Promise<Session> => {
    session = await openSession(rig.target({ tls: false }) as unknown as PostgresConnectionConfig, () => undefined)
      .connected;
    await beginRound(session, deadlineIn(5000));
    return session;
  };
  const ask = (own: Session, sql: string, once = false) => askSession(own, deadlineIn(5000), sql, [], { once });
  const nextRound = async (own: Session): Promise<void> => {
    await endRound(own, deadlineIn(5000));
    await beginRound(own, deadlineIn(5000));
  };

  test('keeps its settings over rounds, and no transaction open between them', async () => {
    const own = await open();
    const settings = `SELECT current_setting('statement_timeout') AS timeout, current_setting('search_path') AS path,
      current_setting('transaction_read_only') AS read_only, current_setting('plan_cache_mode') AS plans`;
    const expected = [{ timeout: '400ms', path: 'pg_catalog', read_only: 'on', plans: 'force_generic_plan' }];
    expect(await ask(own, settings)).toEqual(expected);
    await nextRound(own);
    expect(await ask(own, settings)).toEqual(expected);
    await endRound(own, deadlineIn(5000));
    const { rows } = await admin.query(`SELECT state FROM pg_stat_activity WHERE usename = 'live_runbooks'`);
    expect(rows).toEqual([{ state: 'idle' }]);
  });

  test('keeps what it asks, and not what it asks once', async () => {
    const own = await open();
    const kept = `SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%public.t%' AND statement NOT LIKE '%prepared%'`;
    await ask(own, 'SELECT a FROM public.t');
    await ask(own, 'SELECT a + 1 FROM public.t', true);
    await nextRound(own);
    await ask(own, 'SELECT a FROM public.t');
    expect(await ask(own, kept)).toEqual([{ statement: 'SELECT a FROM public.t' }]);
  });

  test('asks anew when a table has other columns, or when the server has lost what was kept', async () => {
    const own = await open();
    expect(await ask(own, 'SELECT * FROM public.t')).toEqual([{ a: 1 }]);
    await endRound(own, deadlineIn(5000));
    await admin.query('ALTER TABLE t ADD COLUMN b int');
    await beginRound(own, deadlineIn(5000));
    expect(await ask(own, 'SELECT * FROM public.t')).toEqual([{ a: 1, b: null }]);
    await ask(own, 'DEALLOCATE ALL', true);
    expect(await ask(own, 'SELECT * FROM public.t')).toEqual([{ a: 1, b: null }]);
    expect(await ask(own, 'SELECT * FROM public.t')).toEqual([{ a: 1, b: null }]);
    await endRound(own, deadlineIn(5000));
    await admin.query('ALTER TABLE t DROP COLUMN b');
  });

  test('has its plans dropped after a statement that took too long, and goes on', async () => {
    const own = await open();
    const plansOf = async (): Promise<number> => {
      const { rows } = await admin.query<{ plans: number }>(
        `SELECT plans::int FROM pg_stat_statements WHERE query LIKE 'SELECT a * $1 FROM public.t%'`
      );
      return rows[0]?.plans ?? 0;
    };
    for (let n = 0; n < 3; n += 1) {
      await ask(own, 'SELECT a * 7 FROM public.t');
      await nextRound(own);
    }
    expect(await plansOf()).toBe(1);
    await expect(ask(own, 'SELECT pg_sleep(5)')).rejects.toMatchObject({ code: '57014' });
    await nextRound(own);
    expect(await ask(own, 'SELECT a * 7 FROM public.t')).toHaveLength(1);
    expect(await plansOf()).toBe(2);
  });

  test('of the service: no statement of its rounds is planned in each', async () => {
    const running = await serve([rig.target()]);
    service = running;
    await admin.query('SELECT pg_stat_statements_reset()');
    let last = 0;
    for (let n = 0; n < 5; n += 1) {
      const round = await until(
        'a new round',
        () => roundOf(running, TARGET),
        (each) => each.startedAt > last
      );
      last = round.startedAt;
    }
    const { rows } = await admin.query(
      `SELECT query, calls::int, plans::int FROM pg_stat_statements
       WHERE userid = 'live_runbooks'::regrole AND plans > 1 AND plans >= calls - 1`
    );
    expect(rows).toEqual([]);
  });
});
