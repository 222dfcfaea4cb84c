/**
 * Statements that are slow now: what pg_stat_statements counted since a moment ago, not since its last reset, when last
 * month's import would still be in it. And statements that run now.
 */
import { z } from 'zod';
import { NO_RATE_YET, defineCheck, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import { fact } from '../../model/fact';
import { SampleWindow } from '../../model/window';
import { redactSql } from '../../redact/sql';
import { BatchStatements } from '../batchStatements';
import type { PostgresCheckContext } from '../context';
import { isClient } from '../activity';
import { quoteName } from '../relationName';
import type { Settings } from '../settings';
import type { Counted } from '../statementCounts';
import { StatementTexts } from '../statementTexts';
import { isMaintenance, readsOnlyCatalogs } from '../whoseWork';

type Counts = ReadonlyMap<string, Counted>;

interface Slow {
  readonly queryId: string;
  readonly calls: number;
  readonly callsPerSecond: number;
  readonly meanMs: number;
  readonly share: number;
}

interface Delta extends Pick<Counted, 'calls' | 'totalMs'> {
  readonly id: string;
}

const MENDS = {
  extension: 'CREATE EXTENSION pg_stat_statements; in this database',
  library: "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'; and restart the server",
};

export const statements = defineCheck({
  id: 'postgres.statements',
  title: 'Slow statements',
  kind: 'postgres',
  asks: 'pg_stat_statements of this database: increase of calls and time within the window; pg_stat_get_activity: statements that run now',
  value: 'slow',
  fields: {
    slow: fact.count('slow statements within the window; null without pg_stat_statements or before the second round'),
    installed: fact.flag('pg_stat_statements is loaded and created in this database'),
    resetAt: fact.time('when its counters were last reset (ISO 8601)'),
    longestRunningSeconds: fact.seconds('the longest statement of an application that runs now; 0 when none runs'),
    longestMaintenanceSeconds: fact.seconds(
      'the longest VACUUM, index build, dump or the like that runs now; 0 when none runs'
    ),
    windowSeconds: fact.seconds('seconds that the counts cover'),
  },
  rows: {
    slow: {
      queryId: fact.text('queryid of pg_stat_statements'),
      query: fact.text('the normalised statement, without literals; null when it could not be read'),
      calls: fact.count('calls within the window'),
      callsPerSecond: fact.perSecond('calls per second'),
      meanMs: fact.ms('mean execution time within the window, ms'),
      share: fact.ratio('share of the execution time of all statements of this database'),
    },
    running: {
      pid: fact.number('process id'),
      application: fact.text('application_name'),
      user: fact.text('role'),
      runningSeconds: fact.seconds('seconds since it began'),
      waitEvent: fact.text('what it waits for (type: event); null when it runs'),
      work: fact.word(['application', 'maintenance'], 'application, or maintenance (VACUUM, index build, dump …)'),
      query: fact.text('the statement, without literals'),
    },
  },
  mend: 'EXPLAIN (ANALYZE, BUFFERS) the first statement on a replica or with a small limit; see postgres.table_use for a missing index and postgres.statistics for stale statistics. End a runaway with SELECT pg_cancel_backend(pid).',
  privilege: `GRANT pg_read_all_stats (in pg_monitor); ${MENDS.library}; ${MENDS.extension}`,
  needsStatistics: true,
  statementsWindow: true,
  options: z.strictObject({
    warning: limit.warning(1),
    critical: limit.none(),
    /** Slow: a mean of this many ms … */
    meanMs: z.number().min(0).default(20),
    /** … and this many calls within the window, … */
    minCalls: z.number().int().min(1).default(5),
    /** … while it keeps this many sessions busy on average, … */
    minBusy: z.number().min(0).default(0.02),
    /** … or this share of all execution time … */
    share: z.number().min(0).max(1).default(0.33),
    /** … in as many calls as make a trend, … */
    trendCalls: z.number().int().min(1).default(3),
    /** … while it keeps this many sessions busy on average. */
    busy: z.number().min(0).default(0.5),
    /** A statement that runs for this long is a warning. Seconds. */
    runningSeconds: z.number().min(1).default(60),
    /** Statements that run for this long are listed. Seconds. */
    listRunningSeconds: z.number().min(0).default(1),
    windowSeconds: z.number().int().min(10).max(3600).default(60),
  }),
  make: (options) => {
    const window = new SampleWindow<Counts>(options.windowSeconds * 1000);
    const texts = new StatementTexts();
    const batch = new BatchStatements(options.windowSeconds * 1000);
    let resetSeen: string | null = null;

    const isSlow = ({ calls, totalMs }: Delta, seconds: number, all: number): boolean => {
      const busy = totalMs / 1000 / seconds;
      return (
        (calls >= options.minCalls && totalMs / calls >= options.meanMs && busy >= options.minBusy) ||
        (calls >= options.trendCalls && all > 0 && totalMs / all >= options.share && busy >= options.busy)
      );
    };

    /** Slow in the last quarter of the window, or in all of it unless it has been fast lately: it clears quickly. */
    const findSlow = (now: number, latest: Counts): { slow: Slow[]; seconds: number } | undefined => {
      const base = window.base(now);
      const recentBase = window.base(now, options.windowSeconds * 250);
      if (base === undefined || recentBase === undefined) {
        return undefined;
      }
      const spans = [recentBase, base].map((from) => {
        const deltas = increase(latest, from.value);
        return {
          seconds: (now - from.at) / 1000,
          deltas: new Map(deltas.map((each) => [each.id, each])),
          all: deltas.reduce((sum, each) => sum + each.totalMs, 0),
        };
      });
      const [recent, whole] = spans;
      if (recent === undefined || whole === undefined) {
        return undefined;
      }
      const found = [...whole.deltas.values()].flatMap((each) => {
        const lately = recent.deltas.get(each.id);
        const slowLately = lately !== undefined && isSlow(lately, recent.seconds, recent.all);
        const fastLately = lately !== undefined && lately.totalMs / lately.calls < options.meanMs;
        const slowAtAll = isSlow(each, whole.seconds, whole.all) && !fastLately;
        if (!slowLately && !slowAtAll) {
          return [];
        }
        const [seen, span] = slowLately && lately !== undefined ? [lately, recent] : [each, whole];
        return [{ each, seen, span }];
      });
      found.sort((a, b) => b.seen.totalMs / b.span.seconds - a.seen.totalMs / a.span.seconds);
      const top = found.slice(0, 20);
      return {
        seconds: round3(whole.seconds),
        slow: top.map(({ each, seen, span }) => ({
          queryId: each.id,
          calls: seen.calls,
          callsPerSecond: round3(seen.calls / span.seconds),
          meanMs: round3(seen.totalMs / seen.calls),
          share: span.all > 0 ? round3(seen.totalMs / span.all) : 0,
        })),
      };
    };

    return async (context: PostgresCheckContext) => {
      const here = (await context.shared.activity()).filter(
        (each) => isClient(each) && !each.own && each.databaseId === context.names.database.id
      );
      texts.overhear(here);
      batch.watch(here, context.now);
      const runningNow = here
        .filter((each) => each.state === 'active' && each.work !== 'monitor')
        .sort((a, b) => (b.querySeconds ?? 0) - (a.querySeconds ?? 0));
      const running = runningNow.filter((each) => each.work === 'application');
      const longestRunningSeconds = running[0]?.querySeconds ?? 0;
      const longestMaintenanceSeconds = runningNow.find((each) => each.work === 'maintenance')?.querySeconds ?? 0;
      const runningRows = runningNow
        .filter((each) => (each.querySeconds ?? 0) >= options.listRunningSeconds)
        .slice(0, 20)
        .map((each) => ({
          pid: each.pid,
          application: each.application,
          user: each.user,
          runningSeconds: each.querySeconds,
          waitEvent: each.waitEventType === null ? null : `${each.waitEventType}: ${each.waitEvent ?? ''}`,
          work: each.work === 'maintenance' ? ('maintenance' as const) : ('application' as const),
          query: redactSql(each.query),
        }));
      const known = { longestRunningSeconds, longestMaintenanceSeconds };
      const longRunning = longestRunningSeconds >= options.runningSeconds;
      const sayRunning = longRunning
        ? `; ${running[0]?.pid ?? ''}${running[0]?.application ? ` (${running[0].application})` : ''} runs one statement for ${longestRunningSeconds.toFixed(0)} s`
        : '';

      const extension = context.names.statements;
      const settings = await context.shared.settings();
      const read = await context.shared.statementCounts();
      if (extension === undefined) {
        context.names.recheck();
      }
      if (extension === undefined || read === undefined) {
        return {
          value: null,
          summary: `pg_stat_statements is not ${extension === undefined ? 'created in this database' : 'loaded'}: slow statements are not known${sayRunning}`,
          fields: { ...known, slow: null, installed: false, resetAt: null, windowSeconds: null },
          rows: { running: runningRows },
          // A runaway statement is a finding all the same.
          ...(longRunning
            ? { atLeast: 'warning' as const }
            : {
                unknown: {
                  reason: 'not-configured' as const,
                  mend: extension === undefined ? `${MENDS.library}; ${MENDS.extension}` : MENDS.library,
                },
              }),
        };
      }
      if (read.resetAt !== resetSeen) {
        window.clear();
        resetSeen = read.resetAt;
      }
      window.add(context.now, read.counts);
      const found = findSlow(context.now, read.counts);
      const fields = { ...known, installed: true, resetAt: read.resetAt };
      if (found === undefined) {
        return {
          value: null,
          summary: `no counts yet to compare with: the next round has them${sayRunning}`,
          fields: { ...fields, slow: null, windowSeconds: null },
          rows: { running: runningRows },
          ...(longRunning ? { atLeast: 'warning' as const } : { unknown: NO_RATE_YET }),
        };
      }
      const told = () => {
        const rows = found.slow.map((row) => ({ ...row, query: texts.of(row.queryId) ?? null }));
        // Nobody waits for a dump, a batch or a monitor; what they do is no work of the application.
        const slow = rows.filter(
          ({ queryId, query }) =>
            !batch.has(queryId) && (query === null || !(isMaintenance(query) || readsOnlyCatalogs(query)))
        );
        const first = slow[0];
        const blindTo = blindSpot(settings, extension.untracked, context.version);
        return {
          value: slow.length,
          summary:
            (first === undefined
              ? `no slow statement within ${found.seconds.toFixed(0)} s`
              : `${slow.length} slow; ${first.meanMs.toFixed(0)} ms on average, ${first.callsPerSecond.toFixed(1)} calls/s: ${first.query?.slice(0, 120) ?? `queryid ${first.queryId}, whose text cannot be read`}`) +
            sayRunning +
            (blindTo === undefined ? '' : `; ${blindTo.why}`),
          fields: { ...fields, slow: slow.length, windowSeconds: found.seconds },
          rows: { slow, running: runningRows },
          ...(longRunning ? { atLeast: 'warning' as const } : {}),
          ...(blindTo === undefined || slow.length > 0 || longRunning
            ? {}
            : { unknown: { reason: 'not-configured' as const, mend: blindTo.mend } }),
        };
      };
      const ids = found.slow.map((row) => row.queryId);
      return texts.lacks(ids)
        ? {
            ...told(),
            finish: async () => {
              await texts.fetch(context, extension.schema, ids);
              return told();
            },
          }
        : told();
    };
  },
});

/** Settings with which pg_stat_statements is there and counts nothing, or not everybody. */
function blindSpot(
  settings: Settings,
  untracked: readonly string[],
  version: number
): { readonly why: string; readonly mend: string } | undefined {
  const off = [
    ['pg_stat_statements.track', 'none', 'top'] as const,
    ...(version >= 140_000 ? [['compute_query_id', 'off', 'auto'] as const] : []),
  ].find(([name, value]) => settings.get(name)?.value === value);
  if (off !== undefined) {
    const [name, value, better] = off;
    return {
      why: `blind: ${name} is ${value}, so no statement is counted`,
      mend: `ALTER SYSTEM SET ${name} = '${better}'; SELECT pg_reload_conf();`,
    };
  }
  const [role] = untracked;
  return role === undefined
    ? undefined
    : {
        why: `blind: the statements of ${untracked.join(', ')} are not counted (pg_stat_statements.track or compute_query_id, set for the role or the database)`,
        mend: `ALTER ROLE ${quoteName(role)} RESET pg_stat_statements.track; ALTER ROLE ${quoteName(role)} RESET compute_query_id; or the same with ALTER DATABASE, where it was set.`,
      };
}

/** What was added since `before`. An entry that shrank was reset or evicted in between: all of it is new. */
function increase(latest: Counts, before: Counts): Delta[] {
  const deltas: Delta[] = [];
  for (const [id, now] of latest) {
    const then = before.get(id);
    const fresh = then === undefined || then.calls > now.calls;
    const calls = fresh ? now.calls : now.calls - then.calls;
    const totalMs = fresh ? now.totalMs : now.totalMs - then.totalMs;
    if (calls > 0) {
      deltas.push({ id, calls, totalMs });
    }
  }
  return deltas;
}
