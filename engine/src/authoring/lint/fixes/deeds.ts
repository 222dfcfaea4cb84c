/** What commands do, by the words in them. */
import type { Fix } from '../../../model/pack';

interface Deed {
  readonly does: string;
  readonly pattern: RegExp;
}

/** Nothing brings back what these take. */
export const DESTRUCTIVE: readonly Deed[] = [
  { does: 'flushes Redis', pattern: /\bFLUSH(?:ALL|DB)\b|\b(?:SCRIPT|FUNCTION)\s+FLUSH\b/i },
  // At the end of a pipe into xargs the keys follow on the standard input.
  {
    does: 'deletes keys',
    pattern:
      /\bredis-cli\b[^|;&]*\s(?:DEL|UNLINK|[LXZHS]?(?:TRIM|REM|DEL)|ZREMRANGEBY\w+)(?=\s|$)|^\s*(?:DEL|UNLINK)(?=\s|$)/im,
  },
  {
    does: 'drops data',
    pattern:
      /\bDROP\s+(?:TABLE|DATABASE|SCHEMA|MATERIALIZED|COLUMN|ROLE|USER|OWNED|SUBSCRIPTION|PUBLICATION|EXTENSION|SEQUENCE|TYPE)\b|\bpg_drop_replication_slot\b/i,
  },
  { does: 'deletes rows', pattern: /\b(?:TRUNCATE|DELETE\s+FROM)\b/i },
  { does: 'discards a prepared transaction', pattern: /\b(?:ROLLBACK|COMMIT)\s+PREPARED\b/i },
  { does: 'purges or deletes a queue', pattern: /\bpurge\b|\bpurge-queue\b|\bdelete-(?:queue|message)\b/i },
  {
    does: 'deletes what Kubernetes does not make anew',
    pattern: /\bkubectl\b[^|;&]*\sdelete\s+(?!pods?\b|pod\/|po\b)/i,
  },
  { does: 'deletes files', pattern: /(?:^|[\s;&|])(?:rm|shred|truncate)\s+-|\bfind\b[^|;&]*\s-delete\b/ },
];

/** These interrupt somebody, or may. */
export const DISTURBING: readonly Deed[] = [
  { does: 'deletes pods', pattern: /\bkubectl\b[^|;&]*\sdelete\s/i },
  { does: 'drains a node', pattern: /\bkubectl\b[^|;&]*\s(?:drain|cordon)\s/i },
  { does: 'restarts or rolls out pods', pattern: /\bkubectl\b[^|;&]*\s(?:rollout\s+(?:restart|undo)|set|scale)\s/i },
  {
    does: 'restarts a service',
    pattern:
      /\b(?:systemctl|service|pg_ctl|docker|podman)\b[^|;&]*\b(?:restart|stop|start|kill)\b|\bredis-cli\b[^|;&]*\sSHUTDOWN\b/i,
  },
  // A job of the command's own (kill $pf) is nobody else's.
  { does: 'ends processes', pattern: /\b(?:pkill|killall)\s|\bkill\s+(?:-\w+\s+)?[^$\s-]/ },
  {
    does: 'locks a table while it works',
    pattern:
      /\bVACUUM\s*(?:\(\s*)?FULL\b|\bCREATE\s+(?:UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY\b)|\bREINDEX\s+(?!.*\bCONCURRENTLY\b)|\bCLUSTER\s+\w|\bLOCK\s+TABLE\b/i,
  },
  {
    does: 'ends or cancels sessions',
    pattern: /\bpg_(?:terminate|cancel)_backend\b|\bCLIENT\s+KILL\b|\b(?:SCRIPT|FUNCTION)\s+KILL\b/i,
  },
  { does: 'forks Redis', pattern: /\b(?:BGSAVE|BGREWRITEAOF|SAVE)\b/ },
  {
    does: 'changes settings of a server',
    pattern: /\bCONFIG\s+(?:SET|REWRITE)\b|\bALTER\s+(?:SYSTEM|ROLE|DATABASE)\b/i,
  },
  { does: 'drops an index', pattern: /\bDROP\s+INDEX\b/i },
];

/** These change something, be it without harm. */
export const CHANGING: readonly Deed[] = [
  {
    does: 'changes objects of Kubernetes',
    pattern:
      /\bkubectl\b[^|;&]*\s(?:apply|create|replace|patch|edit|label|annotate|uncordon|rollout\s+(?:pause|resume)|autoscale|cp)\s/i,
  },
  {
    does: 'changes the database',
    pattern:
      /(?:^|;)\s*(?:INSERT|UPDATE|MERGE|ALTER|CREATE|GRANT|REVOKE|REINDEX|CLUSTER|VACUUM|ANALY[ZS]E|CHECKPOINT|REFRESH)\b|\bpg_reload_conf\b|\bEXPLAIN\s*\(?[^;)]*\bANALY[ZS]E\b/im,
  },
  {
    does: 'writes to Redis',
    pattern: /\bredis-cli\b[^|;&]*\s(?:SET|HSET|LPUSH|RPUSH|LPOP|RPOP|EXPIRE|RESTORE|MIGRATE|SLAVEOF|REPLICAOF)\s/i,
  },
  {
    does: 'writes over HTTP',
    pattern: /\bcurl\b[^|;&]*\s(?:-X\s*(?:POST|PUT|PATCH|DELETE)|--request\s+(?!GET)|-d\s|--data)/i,
  },
  {
    does: 'changes objects of AWS',
    pattern: /\baws\s+\S+\s+(?:put|update|create|delete|send|start|stop|modify|reboot|purge)-/i,
  },
];

/** The first of these deeds that a command does, in words that follow its name. */
export function deedOf({ command }: Fix, deeds: readonly Deed[]): string | undefined {
  return deeds.find(({ pattern }) => pattern.test(command))?.does;
}
