import type { QueryParser } from '@live-runbooks/engine/authoring';
import { hasSqlDetails, loadModule, parseSync } from 'libpg-query';

// Postgres' own parser, as WebAssembly: it has to be there before the first statement is read.
await loadModule();

/** The first syntax error of SQL, in Postgres' own words. */
export const parseSql: QueryParser = (sql) => {
  try {
    return parseSync(sql).stmts?.length ? undefined : { offset: 0, message: 'it holds no statement' };
  } catch (error) {
    if (!hasSqlDetails(error)) {
      throw error;
    }
    return { offset: error.sqlDetails?.cursorPosition ?? 0, message: error.message };
  }
};
