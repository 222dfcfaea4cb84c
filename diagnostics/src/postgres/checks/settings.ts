/** Settings that lose data or blind the server. What is a matter of taste is not here. */
import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import type { PostgresCheckContext } from '../context';
import type { Setting } from '../facts';

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

const FIELDS: ReadonlyArray<readonly [field: string, setting: string, says: string]> = [
  ['maxConnections', 'max_connections', 'max_connections'],
  ['superuserReserved', 'superuser_reserved_connections', 'superuser_reserved_connections'],
  ['sharedBuffersBytes', 'shared_buffers', 'shared_buffers in bytes'],
  ['workMemBytes', 'work_mem', 'work_mem in bytes'],
  ['maintenanceWorkMemBytes', 'maintenance_work_mem', 'maintenance_work_mem in bytes'],
  ['deadlockTimeoutSeconds', 'deadlock_timeout', 'deadlock_timeout in seconds'],
  ['maxPreparedTransactions', 'max_prepared_transactions', 'max_prepared_transactions'],
  ['autovacuumMaxWorkers', 'autovacuum_max_workers', 'autovacuum_max_workers'],
  ['logMinDurationSeconds', 'log_min_duration_statement', 'log_min_duration_statement in seconds; −0.001 is off'],
];

export const settings = defineCheck({
  id: 'postgres.settings',
  title: 'Settings that endanger data or blind the server',
  kind: 'postgres',
  asks: 'pg_show_all_settings',
  unit: 'short',
  fields: {
    ...Object.fromEntries(FIELDS.map(([field, , says]) => [field, says])),
    dangerous: 'number of dangerous settings',
    pendingRestart: 'settings that were changed and wait for a restart',
    serverVersion: 'version of the server',
  },
  rows: { dangerous: { setting: 'setting', value: 'value', advice: 'what to do' } },
  mend: 'See the advice of each.',
  privilege: 'GRANT pg_read_all_settings (in pg_monitor)',
  options: z.strictObject({ warning: limit.warning(1), critical: limit.none() }),
  make: () => async (context: PostgresCheckContext) => {
    const all = await context.facts.settings();
    const found = DANGERS.filter(({ setting, when }) => all.get(setting)?.value === when);
    const dangerous = found.map(({ setting, when, advice }) => ({ setting, value: when, advice }));
    return {
      value: dangerous.length,
      summary:
        dangerous.length === 0
          ? 'no dangerous setting'
          : dangerous.map(({ setting, value }) => `${setting} is ${value}`).join(', '),
      fields: {
        ...Object.fromEntries(FIELDS.map(([field, name]) => [field, numberIn(all.get(name))])),
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
