/** Tables that belong to tenants have to keep them apart by row-level security. Configuration says which these are. */
import { z } from 'zod';
import { Unanswered, defineCheck, limit } from '../../model/check';
import { fact } from '../../model/fact';
import type { PostgresCheckContext } from '../context';

export const rowSecurity = defineCheck({
  id: 'postgres.row_security',
  title: 'Row-level security of tenant tables',
  kind: 'postgres',
  asks: 'pg_class.relrowsecurity and relforcerowsecurity, pg_policy, owner and role attributes; reads no policy text, so it waits for no lock',
  value: fact.count('unprotected tables, and roles that bypass'),
  fields: {
    unprotected: fact.count('tables that do not keep tenants apart'),
    tables: fact.count('tables that are configured'),
    bypassing: fact.count('configured application roles that row-level security does not bind'),
  },
  rows: {
    unprotected: {
      table: fact.text('table'),
      problem: fact.text('what is wrong'),
      statement: fact.text('the statement that mends it'),
    },
    bypassing: { role: fact.text('role'), why: fact.text('why it is not bound') },
  },
  mend: 'Write the policy first, then turn it on: CREATE POLICY … ON <table> USING (tenant_id = current_setting(…)::uuid); ALTER TABLE <table> ENABLE ROW LEVEL SECURITY; without a policy nobody but the owner sees a row.',
  privilege: 'CONNECT on the database',
  unaskedEvery: 5,
  options: z.strictObject({
    warning: limit.none(),
    critical: limit.critical(1),
    /** Tenant-scoped tables, as `table` or `schema.table`. */
    tables: z.array(z.string().min(1)).max(500).default([]),
    /** Roles that the application logs in as: they must not be superuser, BYPASSRLS, or owner without FORCE. */
    applicationRoles: z.array(z.string().min(1)).max(50).default([]),
    everySeconds: limit.every(60),
  }),
  make: (options) => async (context: PostgresCheckContext) => {
    if (options.tables.length === 0) {
      throw new Unanswered(
        'not-applicable',
        'no table is named as tenant-scoped',
        'Name them under checks → postgres.row_security → tables.'
      );
    }
    const rows = await context.ask(
      `SELECT w.name AS wanted, c.oid IS NOT NULL AS there, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced, o.rolname AS owner,
              (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive) AS policies,
              quote_ident(c.nspname) || '.' || quote_ident(c.relname) AS full
       FROM unnest($1::text[]) AS w(name)
       LEFT JOIN LATERAL (
         SELECT t.oid, t.relrowsecurity, t.relforcerowsecurity, t.relowner, t.relname, n.nspname
         FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
         WHERE t.relkind IN ('r', 'p')
           AND w.name IN (n.nspname || '.' || t.relname, CASE WHEN n.nspname = 'public' THEN t.relname END)) c ON true
       LEFT JOIN pg_roles o ON o.oid = c.relowner`,
      [options.tables]
    );
    const roles = await context.ask(
      `SELECT w.name AS wanted, r.rolname IS NOT NULL AS there, r.rolsuper AS super, r.rolbypassrls AS bypass
       FROM unnest($1::text[]) AS w(name) LEFT JOIN pg_roles r ON r.rolname = w.name`,
      [options.applicationRoles]
    );
    const unprotected = rows.flatMap((row) => {
      const table = String(row.wanted);
      const full = String(row.full);
      if (row.there !== true) {
        return [{ table, problem: 'there is no such table', statement: 'Correct the configuration: `schema.table`.' }];
      }
      if (row.enabled !== true) {
        const problem =
          Number(row.policies) > 0
            ? 'it has policies, and row-level security is not enabled'
            : 'row-level security is not enabled';
        return [{ table, problem, statement: `ALTER TABLE ${full} ENABLE ROW LEVEL SECURITY;` }];
      }
      if (Number(row.policies) === 0) {
        return [
          {
            table,
            problem: 'it has no policy: only its owner sees its rows',
            statement: `CREATE POLICY tenant ON ${full} USING (tenant_id = current_setting('app.tenant_id')::uuid);`,
          },
        ];
      }
      if (row.forced !== true && options.applicationRoles.includes(String(row.owner))) {
        return [
          {
            table,
            problem: `the application owns it as "${String(row.owner)}", and owners are not bound`,
            statement: `ALTER TABLE ${full} FORCE ROW LEVEL SECURITY;`,
          },
        ];
      }
      return [];
    });
    const bypassing = roles
      .filter((row) => row.there !== true || row.super === true || row.bypass === true)
      .map((row) => ({
        role: String(row.wanted),
        why:
          row.there !== true ? 'there is no such role' : row.super === true ? 'it is a superuser' : 'it has BYPASSRLS',
      }));
    const first = unprotected[0];
    return {
      value: unprotected.length + bypassing.length,
      summary:
        unprotected.length + bypassing.length === 0
          ? `${rows.length} tenant tables have row-level security and a policy`
          : [
              ...(first === undefined
                ? []
                : [
                    `${unprotected.length} of ${rows.length} tenant tables unprotected; ${first.table}: ${first.problem}`,
                  ]),
              ...bypassing.map((each) => `role ${each.role}: ${each.why}`),
            ].join('; '),
      fields: { unprotected: unprotected.length, tables: rows.length, bypassing: bypassing.length },
      rows: { unprotected: unprotected.slice(0, 50), bypassing },
    };
  },
});
