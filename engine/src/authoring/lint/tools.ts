import type { CheckCatalogue } from '../catalogue';
import type { QueryNode } from './queries/tree';

/** Finds the first syntax error of an expression; undefined when it is sound. Injected: a parser is heavy. */
export type QueryParser = (expr: string) => { readonly offset: number; readonly message: string } | undefined;

/** Reads an expression that is sound PromQL. */
export type QueryReader = (expr: string) => QueryNode;

/** What lint is given beside the packs. Without one of them, the rules that need it say nothing. */
export interface LintTools {
  readonly parsePromql?: QueryParser;
  readonly parseLogql?: QueryParser;
  readonly readPromql?: QueryReader;
  /** What a shell says of the syntax of a command, which it must not run; undefined when it is sound. */
  readonly parseShell?: (command: string) => string | undefined;
  /** The first syntax error of SQL, as Postgres itself reads it. */
  readonly parseSql?: QueryParser;
  /** What the diagnostics service can be asked. */
  readonly checks?: CheckCatalogue;
}
