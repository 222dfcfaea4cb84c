/** SQL that writes a relation's name as one would type it: quoted where needed, without the schema `public`. */
export const relationName = (schema: string, name: string): string =>
  `CASE WHEN ${schema} = 'public' THEN quote_ident(${name}) ELSE quote_ident(${schema}) || '.' || quote_ident(${name}) END`;

/** SQL: the schema is one of the users', not the system's. */
export const isUserSchema = (schema: string): string => `${schema} !~ '^pg_' AND ${schema} <> 'information_schema'`;

/** An identifier, quoted for SQL. */
export const quoteName = (name: string): string => `"${name.replace(/"/g, '""')}"`;
