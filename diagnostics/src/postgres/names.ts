/**
 * Names and abilities that rarely change: roles, databases, what this role may see, extensions. Kept between rounds, so
 * that a lock on pg_authid or pg_database (which makes `pg_stat_activity` itself hang) costs nothing but fresh names.
 */
import type { SqlRow } from './session';

const REFRESH_MS = 30_000;

export type Ask = (sql: string, values?: readonly unknown[]) => Promise<readonly SqlRow[]>;

export interface Statements {
  /** Schema of the extension, quoted. */
  readonly schema: string;
  /** 1.10 → [1, 10] */
  readonly version: readonly [number, number];
}

export class Names {
  private roles = new Map<number, string>();
  private databases = new Map<number, string>();
  private relations = new Map<number, string>();
  private refreshedAt = -Infinity;
  database = { id: 0, name: '' };
  user = '';
  userId = 0;
  /** pg_monitor, or at least pg_read_all_stats and pg_read_all_settings. */
  readsAllStats = false;
  readsAllSettings = false;
  statements: Statements | undefined;

  role(id: number | null): string | null {
    return id === null || id === 0 ? null : (this.roles.get(id) ?? `role ${id}`);
  }

  databaseName(id: number | null): string | null {
    return id === null || id === 0 ? null : (this.databases.get(id) ?? `database ${id}`);
  }

  /** Rejects only when nothing is known yet: an old name is better than no answer. */
  async refresh(ask: Ask): Promise<void> {
    if (performance.now() - this.refreshedAt < REFRESH_MS) {
      return;
    }
    try {
      const rows = await ask(`
        SELECT 'role' AS kind, oid, rolname AS name FROM pg_roles
        UNION ALL SELECT 'database', oid, datname FROM pg_database
        UNION ALL SELECT 'own', oid, datname FROM pg_database WHERE datname = current_database()
        UNION ALL SELECT 'user', oid, rolname FROM pg_roles WHERE rolname = current_user
        UNION ALL SELECT 'stats', 0, pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')::text
        UNION ALL SELECT 'settings', 0, pg_has_role(current_user, 'pg_read_all_settings', 'USAGE')::text
        UNION ALL SELECT 'statements', 0, quote_ident(n.nspname) || ' ' || e.extversion
          FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'`);
      const of = (kind: string): Array<[number, string]> =>
        rows.filter((row) => row.kind === kind).map((row) => [Number(row.oid), String(row.name)]);
      this.roles = new Map(of('role'));
      this.databases = new Map(of('database'));
      const [own] = of('own');
      this.database = own === undefined ? this.database : { id: own[0], name: own[1] };
      const [user] = of('user');
      this.user = user?.[1] ?? this.user;
      this.userId = user?.[0] ?? this.userId;
      this.readsAllStats = of('stats')[0]?.[1] === 'true';
      this.readsAllSettings = of('settings')[0]?.[1] === 'true';
      const found = /^(.*) (\d+)\.(\d+)/.exec(of('statements')[0]?.[1] ?? '');
      this.statements = found
        ? { schema: found[1] ?? 'public', version: [Number(found[2]), Number(found[3])] }
        : undefined;
      this.refreshedAt = performance.now();
    } catch (error) {
      if (this.database.id === 0) {
        throw error;
      }
    }
  }

  /** A grant or an extension may have come since: look again in the next round. */
  forget(): void {
    this.refreshedAt = -Infinity;
  }

  /** Names of relations of this database, quoted for SQL, without the schema `public`. Reads no relation itself. */
  async relationNames(ask: Ask, ids: readonly number[]): Promise<(id: number) => string> {
    const missing = [...new Set(ids)].filter((id) => !this.relations.has(id));
    if (missing.length > 0) {
      const rows = await ask(
        `SELECT c.oid, CASE WHEN n.nspname = 'public' THEN quote_ident(c.relname)
                            ELSE quote_ident(n.nspname) || '.' || quote_ident(c.relname) END AS name
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY ($1::oid[])`,
        [missing]
      ).catch(() => []);
      if (this.relations.size > 10_000) {
        this.relations.clear();
      }
      for (const row of rows) {
        this.relations.set(Number(row.oid), String(row.name));
      }
    }
    return (id) => this.relations.get(id) ?? `relation ${id}`;
  }
}
