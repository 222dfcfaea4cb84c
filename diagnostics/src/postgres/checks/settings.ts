/** Settings that risk data or hide what the server does. Settings of performance are not judged. */
import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import { fact } from '../../model/fact';
import type { PostgresCheckContext } from '../context';
import type { Setting } from '../settings';

interface Danger {
  readonly setting: string;
  readonly when: string;
  readonly advice: string;
  readonly losesData?: boolean;
}

const DANGERS: readonly Danger[] = [
  {
    setting: 'fsync',
    when: 'off',
    losesData: true,
    advice: 'A crash of the machine can destroy the cluster: ALTER SYSTEM SET fsync = on; SELECT pg_reload_conf();',
  },
  {
    setting: 'full_page_writes',
    when: 'off',
    losesData: true,
    advice: 'A crash can leave half-written pages: ALTER SYSTEM SET full_page_writes = on; SELECT pg_reload_conf();',
  },
  {
    setting: 'zero_damaged_pages',
    when: 'on',
    losesData: true,
    advice: 'Damaged pages are silently emptied: turn it off and restore from a backup.',
  },
  {
    setting: 'ignore_checksum_failure',
    when: 'on',
    losesData: true,
    advice: 'Corruption goes unnoticed: turn it off.',
  },
  { setting: 'ignore_system_indexes', when: 'on', advice: 'Only for repairing system indexes: turn it off.' },
  {
    setting: 'autovacuum',
    when: 'off',
    advice:
      'Dead rows pile up until the server stops to protect itself: ALTER SYSTEM SET autovacuum = on; SELECT pg_reload_conf();',
  },
  {
    setting: 'track_counts',
    when: 'off',
    advice: 'Autovacuum and these checks are blind: ALTER SYSTEM SET track_counts = on; SELECT pg_reload_conf();',
  },
  {
    setting: 'track_activities',
    when: 'off',
    advice: 'Nobody can see what sessions do: ALTER SYSTEM SET track_activities = on; SELECT pg_reload_conf();',
  },
];

/** Fields that are settings of the server, in the unit of the field. */
const FIELDS = {
  maxConnections: fact.count('max_connections'),
  superuserReserved: fact.count('superuser_reserved_connections'),
  sharedBuffersBytes: fact.bytes('shared_buffers in bytes'),
  workMemBytes: fact.bytes('work_mem in bytes'),
  maintenanceWorkMemBytes: fact.bytes('maintenance_work_mem in bytes'),
  deadlockTimeoutSeconds: fact.seconds('deadlock_timeout in seconds'),
  maxPreparedTransactions: fact.count('max_prepared_transactions'),
  autovacuumMaxWorkers: fact.count('autovacuum_max_workers'),
  logMinDurationSeconds: fact.seconds('log_min_duration_statement in seconds; −0.001 is off'),
};

export const settings = defineCheck({
  id: 'postgres.settings',
  title: 'Settings that endanger data or blind the server',
  kind: 'postgres',
  asks: 'pg_show_all_settings',
  value: 'dangerous',
  fields: {
    ...FIELDS,
    dangerous: fact.count('number of dangerous settings'),
    pendingRestart: fact.count('settings that were changed and wait for a restart'),
    serverVersion: fact.text('version of the server'),
  },
  rows: { dangerous: { setting: fact.text('setting'), value: fact.text('value'), advice: fact.text('what to do') } },
  mend: 'See the advice of each.',
  privilege: 'GRANT pg_read_all_settings (in pg_monitor)',
  options: z.strictObject({ warning: limit.warning(1), critical: limit.none() }),
  make: () => async (context: PostgresCheckContext) => {
    const all = await context.shared.settings();
    const found = DANGERS.filter(({ setting, when }) => all.get(setting)?.value === when);
    const inUnits = (name: string): number | null => numberIn(all.get(name));
    const dangerous = found.map(({ setting, when, advice }) => ({ setting, value: when, advice }));
    return {
      value: dangerous.length,
      summary:
        dangerous.length === 0
          ? 'no dangerous setting'
          : dangerous.map(({ setting, value }) => `${setting} is ${value}`).join(', '),
      fields: {
        maxConnections: inUnits('max_connections'),
        superuserReserved: inUnits('superuser_reserved_connections'),
        sharedBuffersBytes: inUnits('shared_buffers'),
        workMemBytes: inUnits('work_mem'),
        maintenanceWorkMemBytes: inUnits('maintenance_work_mem'),
        deadlockTimeoutSeconds: inUnits('deadlock_timeout'),
        maxPreparedTransactions: inUnits('max_prepared_transactions'),
        autovacuumMaxWorkers: inUnits('autovacuum_max_workers'),
        logMinDurationSeconds: inUnits('log_min_duration_statement'),
        dangerous: dangerous.length,
        pendingRestart: [...all.values()].filter((each) => each.pendingRestart).length,
        serverVersion: all.get('server_version')?.value ?? null,
      },
      rows: { dangerous },
      ...(found.some((each) => each.losesData) ? { atLeast: 'critical' as const } : {}),
    };
  },
});

const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1024,
  '8kB': 8192,
  MB: 1024 * 1024,
  ms: 0.001,
  s: 1,
  min: 60,
};

/** The number in bytes, seconds, or as it is. */
function numberIn(setting: Setting | undefined): number | null {
  if (setting === undefined || setting.value === '') {
    return null;
  }
  return Number(setting.value) * (setting.unit === null ? 1 : (UNITS[setting.unit] ?? 1));
}
