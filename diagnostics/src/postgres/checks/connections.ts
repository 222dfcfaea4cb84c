/**
 * Who holds the server's connections. The limit is the server's, so all databases are counted.
 *
 * A leak cannot be proven from here: the server sees an idle session, not whether the pool of the application still
 * knows it. What it can see is an application that holds a large share and has not used most of it for long.
 */
import { z } from 'zod';
import { defineCheck, judge, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import { fact } from '../../model/fact';
import type { PostgresCheckContext } from '../context';
import { type Activity, isClient, isIdleInTransaction } from '../activity';
import { quoteName } from '../relationName';

const columns = {
  application: fact.text('application_name'),
  user: fact.text('role'),
  database: fact.text('database'),
  count: fact.count('connections'),
  active: fact.count('running a statement'),
  idle: fact.count('idle'),
  idleInTransaction: fact.count('idle in transaction, aborted ones included'),
  oldestIdleSeconds: fact.seconds('seconds since the longest idle one was last used'),
  share: fact.ratio('count / usable connections of the server'),
};

export const connections = defineCheck({
  id: 'postgres.connections',
  title: 'Connections in use against the limit',
  kind: 'postgres',
  asks: 'pg_stat_get_activity: client sessions of the whole server by state and application; max_connections − reserved',
  value: 'usedRatio',
  fields: {
    total: fact.count('client sessions of the server'),
    max: fact.count('max_connections'),
    reserved: fact.count('superuser_reserved_connections + reserved_connections'),
    usable: fact.count('max − reserved: what ordinary roles share'),
    usedRatio: fact.ratio('total / usable'),
    active: fact.count('running a statement'),
    idle: fact.count('idle'),
    idleInTransaction: fact.count('idle in transaction'),
    waiting: fact.count('waiting for a lock'),
    leakSuspects: fact.count('number of leak suspects'),
    limitUsedRatio: fact.ratio(
      'the fullest CONNECTION LIMIT of a role or a database: its sessions / the limit; null when none is set'
    ),
  },
  rows: {
    byState: { state: fact.text('state'), count: fact.count('sessions') },
    byApplication: columns,
    leakSuspects: columns,
    limits: {
      role: fact.text('role with a CONNECTION LIMIT; null: it is the database that has one'),
      database: fact.text('database with a CONNECTION LIMIT; null: it is the role that has one'),
      limit: fact.count('sessions that it allows'),
      used: fact.count('sessions that there are'),
      ratio: fact.ratio('used / limit'),
    },
  },
  mend: 'Give every pool a maximum so that (instances × pool) stays below the usable connections; end connections that nobody uses: SELECT pg_terminate_backend(pid). A larger max_connections only moves the wall.',
  privilege: 'GRANT pg_read_all_stats (in pg_monitor)',
  needsStatistics: true,
  options: z.strictObject({
    warning: limit.warning(0.8),
    critical: limit.critical(0.95),
    /** A suspect holds at least this share of the usable connections … */
    leakShare: z.number().min(0).max(1).default(0.3),
    /** … and this part of them … */
    leakIdleRatio: z.number().min(0).max(1).default(0.7),
    /** … was not used for this long. Seconds. */
    leakIdleSeconds: z.number().min(1).default(60),
  }),
  make: (options) => async (context: PostgresCheckContext) => {
    const all = (await context.shared.activity()).filter(isClient);
    const { max, reserved, usable } = await context.shared.slots();
    const count = (state: string): number => all.filter((each) => each.state === state).length;
    const usedRatio = usable > 0 ? round3(all.length / usable) : 1;

    const groups = new Map<string, Activity[]>();
    for (const each of all) {
      const key = JSON.stringify([each.application, each.user, each.database]);
      groups.set(key, [...(groups.get(key) ?? []), each]);
    }
    const unused = (each: Activity): boolean => each.state === 'idle' || isIdleInTransaction(each);
    const described = [...groups.values()]
      .map((group) => {
        const idleFor = group.filter(unused).map((each) => each.stateSeconds ?? 0);
        const row = {
          application: group[0]?.application ?? '',
          user: group[0]?.user ?? null,
          database: group[0]?.database ?? null,
          count: group.length,
          active: group.filter((each) => each.state === 'active').length,
          idle: group.filter((each) => each.state === 'idle').length,
          idleInTransaction: group.filter(isIdleInTransaction).length,
          oldestIdleSeconds: idleFor.length > 0 ? Math.max(...idleFor) : null,
          share: usable > 0 ? round3(group.length / usable) : 1,
        };
        const longUnused = idleFor.filter((seconds) => seconds >= options.leakIdleSeconds).length;
        const suspect =
          group[0]?.own !== true &&
          group.length / Math.max(usable, 1) >= options.leakShare &&
          longUnused / group.length >= options.leakIdleRatio;
        return { row, size: group.length, suspect, longUnused };
      })
      .sort((a, b) => b.size - a.size);
    const suspects = described.filter((each) => each.suspect);

    const limits = limitsOf(context, all);
    const fullest = limits[0];
    const limitUsedRatio = fullest?.ratio ?? null;
    const limitState = limitUsedRatio === null ? 'ok' : judge(limitUsedRatio, options);
    if (limitState !== 'ok') {
      // A raised limit should show in the next round.
      context.names.recheck();
    }

    const states = new Map<string, number>();
    for (const each of all) {
      const state = each.state ?? 'unknown';
      states.set(state, (states.get(state) ?? 0) + 1);
    }
    const told = suspects[0];
    const summary =
      `${all.length} of ${usable} usable connections are taken` +
      (told === undefined
        ? ''
        : `; ${told.row.application || 'an unnamed application'} holds ${told.size}, ` +
          `${told.longUnused} of them unused for ${options.leakIdleSeconds} s or more: a leak, or a pool larger than it ` +
          'needs (its own in-use metric tells which)') +
      (fullest === undefined || limitState === 'ok'
        ? ''
        : `; the ${fullest.role === null ? `database ${fullest.database ?? ''}` : `role ${fullest.role}`} has ${fullest.used} of the ${fullest.limit} that its CONNECTION LIMIT allows`);
    return {
      value: usedRatio,
      summary,
      fields: {
        total: all.length,
        max,
        reserved,
        usable,
        usedRatio,
        active: count('active'),
        idle: count('idle'),
        idleInTransaction: all.filter(isIdleInTransaction).length,
        waiting: all.filter((each) => each.waitEventType === 'Lock').length,
        leakSuspects: suspects.length,
        limitUsedRatio,
      },
      rows: {
        byState: [...states].map(([state, sessions]) => ({ state, count: sessions })),
        byApplication: described.slice(0, 50).map((each) => each.row),
        leakSuspects: suspects.map((each) => each.row),
        limits,
      },
      ...(limitState !== 'ok'
        ? { atLeast: limitState, mend: mendOf(fullest) }
        : suspects.length > 0
          ? { atLeast: 'warning' as const }
          : {}),
    };
  },
});

interface Limit {
  readonly role: string | null;
  readonly database: string | null;
  readonly limit: number;
  readonly used: number;
  readonly ratio: number;
}

/** Fullest first. The limit of this service's own role is its own concern: see postgres.availability. */
function limitsOf({ names }: PostgresCheckContext, all: readonly Activity[]): readonly Limit[] {
  return names.connectionLimits
    .filter((each) => each.kind === 'database' || each.id !== names.userId)
    .map(({ kind, id, limit: most }) => {
      const used = all.filter((each) => (kind === 'role' ? each.userId : each.databaseId) === id).length;
      return {
        role: kind === 'role' ? names.role(id) : null,
        database: kind === 'database' ? names.databaseName(id) : null,
        limit: most,
        used,
        ratio: most > 0 ? round3(used / most) : used > 0 ? 1 : 0,
      };
    })
    .sort((a, b) => b.ratio - a.ratio)
    .slice(0, 20);
}

const mendOf = (fullest: Limit | undefined): string =>
  `End sessions that nobody uses (SELECT pg_terminate_backend(pid)), give the pool a smaller maximum, or raise the limit: ${
    fullest?.role === null
      ? `ALTER DATABASE ${quoteName(fullest.database ?? '')}`
      : `ALTER ROLE ${quoteName(fullest?.role ?? '')}`
  } CONNECTION LIMIT …; the server itself has room.`;
