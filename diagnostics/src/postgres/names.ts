/**
 * Names and abilities that rarely change: roles, databases, what this role may see, extensions. Kept between rounds, so
 * that a lock on pg_authid or pg_database (which makes `pg_stat_activity` itself hang) costs nothing but fresh names.
 */
import { Unanswered } from '../model/check';
import type { Ask, SqlRow } from './ask';
import { quoteName, relationName } from './relationName';
import { decodeText, rawText } from './texts';

/** A lowered limit or a revoked right is noticed after this time at the latest. */
const REFRESH_MS = 10_000;
/** The same in rounds that nobody asks for, unless they meet a refusal or a name that is not known. */
const UNASKED_REFRESH_MS = 300_000;
const RECHECK_MS = 5000;
/** Objects (roles, relations) with a smaller id came with the server. */
export const FIRST_OF_USERS = 16_384;
const isOf =
  (kind: string) =>
  (row: SqlRow): boolean =>
    row.kind === kind;

export interface Statements {
  /** Schema of the extension, quoted. */
  readonly schema: string;
  /** 1.10 → [1, 10] */
  readonly version: readonly [number, number];
  /** Roles whose statements it does not count, by a setting of the role or the database. */
  readonly untracked: readonly string[];
}

/** Functions that a member of pg_monitor may call, unless that right was revoked. */
export type Listing = 'pg_ls_waldir' | 'pg_ls_tmpdir' | 'pg_ls_archive_statusdir';

export class Names {
  private roles = new Map<number, string>();
  private databases = new Map<number, string>();
  private relations = new Map<number, string>();
  private encodings = new Map<number, string>();
  /** Limits of roles and databases, apart from the server's own. A superuser has none. */
  connectionLimits: ReadonlyArray<{ readonly kind: 'role' | 'database'; readonly id: number; readonly limit: number }> =
    [];
  private monitors = new Set<number>();
  private listings = new Set<string>();
  private refreshedAt = -Infinity;
  database = { id: 0, name: '' };
  userId = 0;
  /** pg_monitor, or at least pg_read_all_stats and pg_read_all_settings. */
  readsAllStats = false;
  readsAllSettings = false;
  statements: Statements | undefined;

  constructor(
    /** The role that asks: by its configured name until the server has told it. */
    public user: string
  ) {}

  role(id: number | null): string | null {
    return id === null || id === 0 ? null : (this.roles.get(id) ?? `role ${id}`);
  }

  databaseName(id: number | null): string | null {
    return id === null || id === 0 ? null : (this.databases.get(id) ?? `database ${id}`);
  }

  /** Of a database, as Postgres names it; undefined: not known. */
  encoding(id: number | null): string | undefined {
    return id === null ? undefined : this.encodings.get(id);
  }

  /** The role of a monitor: it may see all statistics, owns nothing, writes nothing and is a member of no other users' role. */
  isMonitor(id: number | null): boolean {
    return id !== null && (id === this.userId || this.monitors.has(id));
  }

  get monitorIds(): readonly number[] {
    return [this.userId, ...this.monitors];
  }

  mayList(what: Listing): boolean {
    return this.listings.has(what);
  }

  /**
   * `unasked`: nobody waits for this round, and names may be older. Rejects only when nothing is known yet: an old name is
   * better than no answer.
   */
  async refresh(askRaw: Ask, { unasked = false }: { readonly unasked?: boolean } = {}): Promise<void> {
    if (performance.now() - this.refreshedAt < (unasked ? UNASKED_REFRESH_MS : REFRESH_MS)) {
      return;
    }
    try {
      const rows = await askRaw(`
        SELECT kind, oid, ${rawText('name')} AS name FROM (
        SELECT 'role' AS kind, oid, rolname AS name FROM pg_roles
        UNION ALL SELECT 'database', oid, datname FROM pg_database
        UNION ALL SELECT 'encoding', oid, pg_encoding_to_char(encoding) FROM pg_database
        UNION ALL SELECT 'role-limit', oid, rolconnlimit::text FROM pg_roles WHERE rolconnlimit >= 0 AND rolcanlogin AND NOT rolsuper
        UNION ALL SELECT 'database-limit', oid, datconnlimit::text FROM pg_database WHERE datconnlimit >= 0
        UNION ALL SELECT 'own', oid, datname FROM pg_database WHERE datname = current_database()
        UNION ALL SELECT 'user', oid, rolname FROM pg_roles WHERE rolname = current_user
        UNION ALL SELECT 'stats', 0, pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')::text
        UNION ALL SELECT 'settings', 0, pg_has_role(current_user, 'pg_read_all_settings', 'USAGE')::text
        UNION ALL SELECT 'statements', 0, quote_ident(n.nspname) || ' ' || e.extversion
          FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'
        UNION ALL SELECT 'untracked', coalesce(r.oid, 0), coalesce(r.rolname::text, 'all roles of this database') FROM pg_db_role_setting s
          LEFT JOIN pg_roles r ON r.oid = s.setrole
          WHERE (s.setdatabase = 0 OR s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()))
            AND s.setrole <> (SELECT oid FROM pg_roles WHERE rolname = current_user)
            AND (s.setconfig::text LIKE '%pg_stat_statements.track=none%' OR s.setconfig::text LIKE '%compute_query_id=off%')
        UNION ALL SELECT 'listing', 0, p.proname FROM pg_proc p
          WHERE p.proname IN ('pg_ls_waldir', 'pg_ls_tmpdir', 'pg_ls_archive_statusdir') AND p.pronargs = 0
            AND has_function_privilege(p.oid, 'EXECUTE')
        UNION ALL SELECT 'monitor', r.oid, '' FROM pg_roles r
          WHERE NOT r.rolsuper AND r.oid >= ${FIRST_OF_USERS} AND pg_has_role(r.oid, 'pg_read_all_stats', 'USAGE')
            AND NOT EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.member = r.oid AND m.roleid >= ${FIRST_OF_USERS})
            AND NOT EXISTS (SELECT 1 FROM pg_shdepend d
                            WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = r.oid AND d.deptype = 'o')
            AND NOT EXISTS (SELECT 1 FROM pg_shdepend d JOIN pg_class c ON c.oid = d.objid, LATERAL aclexplode(c.relacl) a
                            WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = r.oid AND d.deptype = 'a'
                              AND d.classid = 'pg_class'::regclass AND a.grantee = r.oid
                              AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                              AND a.privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'))) n`);
      const encodings = new Map(
        rows.filter(isOf('encoding')).map((row) => [Number(row.oid), decodeText(row.name, 'UTF8')])
      );
      const [here] = rows.filter(isOf('own'));
      const encoding = encodings.get(Number(here?.oid));
      const of = (kind: string): Array<[number, string]> =>
        rows.filter(isOf(kind)).map((row) => [Number(row.oid), decodeText(row.name, encoding)]);
      this.connectionLimits = (['role', 'database'] as const).flatMap((kind) =>
        of(`${kind}-limit`).map(([id, most]) => ({ kind, id, limit: Number(most) }))
      );
      this.encodings = encodings;
      this.monitors = new Set(of('monitor').map(([id]) => id));
      this.listings = new Set(of('listing').map(([, name]) => name));
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
        ? {
            schema: found[1] ?? 'public',
            version: [Number(found[2]), Number(found[3])],
            untracked: of('untracked').map(([, name]) => name),
          }
        : undefined;
      this.refreshedAt = performance.now();
    } catch (error) {
      if (this.database.id === 0) {
        throw error;
      }
    }
  }

  /** Looks again when one of these is new: roles and databases by id. */
  async meet(
    askRaw: Ask,
    ids: { readonly roles: ReadonlyArray<number | null>; readonly databases: ReadonlyArray<number | null> }
  ): Promise<void> {
    const isNew =
      (known: ReadonlyMap<number, string>) =>
      (id: number | null): boolean =>
        id !== null && id !== 0 && !known.has(id);
    if (ids.roles.some(isNew(this.roles)) || ids.databases.some(isNew(this.databases))) {
      await this.refresh(askRaw);
    }
  }

  /** A grant or an extension may have come since: look again in the next round. */
  forget(): void {
    this.refreshedAt = -Infinity;
  }

  /** The same, at most every few seconds: for what is missing for long on some servers. */
  recheck(): void {
    if (performance.now() - this.refreshedAt > RECHECK_MS) {
      this.forget();
    }
  }

  /** Names of relations of this database, quoted for SQL, without the schema `public`. Reads no relation itself. */
  async relationNames(ask: Ask, ids: readonly number[]): Promise<(id: number) => string> {
    const missing = [...new Set(ids)].filter((id) => !this.relations.has(id));
    if (missing.length > 0) {
      const rows = await ask(
        `SELECT c.oid, ${relationName('n.nspname', 'c.relname')} AS name
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

/** Errors: `Unanswered`. A call that is refused would be logged by the server, round after round. */
export function requireListing(names: Names, what: Listing): void {
  if (!names.mayList(what)) {
    names.forget();
    const role = quoteName(names.user);
    throw new Unanswered(
      'no-permission',
      `this role may not call ${what}()`,
      names.readsAllStats ? `GRANT EXECUTE ON FUNCTION ${what}() TO ${role};` : `GRANT pg_monitor TO ${role};`
    );
  }
}
