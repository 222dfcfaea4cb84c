/**
 * Texts of the statements that pg_stat_statements counts. They lie in one file that the server reads as a whole, whatever
 * of it is asked for; with large statements that is 100 MB, and takes longer than a session can be kept waiting. So it is
 * asked last, seldom when it was slow, and hardly ever again once it took too long.
 */
import { redactSql } from '../redact/sql';
import type { PostgresCheckContext } from './context';
import type { Activity } from './activity';
import { decodeText, rawText } from './texts';

const KEPT = 2000;
/** A file that is read in less is small. */
const QUICK_MS = 50;
/** A reading may take this share of the time. */
const SHARE = 1 / 200;
/** After one that gave no answer. */
const FIRST_REST_MS = 600_000;
const LONGEST_REST_MS = 86_400_000;

export class StatementTexts {
  private readonly read = new Map<string, string>();
  /** What was seen running, in case that the file cannot be read. */
  private readonly heard = new Map<string, string>();
  private restUntil = -Infinity;
  private restMs = FIRST_REST_MS;

  /** Without literals; undefined: not known. */
  of(queryId: string): string | undefined {
    return this.read.get(queryId) ?? this.heard.get(queryId);
  }

  /** Sessions tell the statement that they run, or ran last. */
  overhear(sessions: readonly Activity[]): void {
    for (const { queryId, query } of sessions) {
      if (queryId !== null && query !== '' && !this.heard.has(queryId)) {
        forgetSome(this.heard);
        this.heard.set(queryId, redactSql(query));
      }
    }
  }

  /** Some are not known, and may be asked for now. */
  lacks(ids: readonly string[]): boolean {
    return performance.now() >= this.restUntil && ids.some((id) => !this.read.has(id));
  }

  /** Errors: those of `ask`. */
  async fetch({ askRaw, names }: PostgresCheckContext, schema: string, ids: readonly string[]): Promise<void> {
    const startedAt = performance.now();
    try {
      const rows = await askRaw(
        `SELECT DISTINCT ON (queryid) queryid::text AS id, ${rawText('query')} AS query
         FROM ${schema}.pg_stat_statements(true) WHERE queryid = ANY ($1::bigint[])`,
        [ids.filter((id) => !this.read.has(id))]
      );
      forgetSome(this.read);
      for (const row of rows) {
        this.read.set(String(row.id), redactSql(decodeText(row.query, names.encoding(names.database.id))));
      }
      for (const id of ids.filter((each) => !this.read.has(each))) {
        // It was evicted meanwhile: asking again would not bring it back.
        this.read.set(id, this.heard.get(id) ?? '');
      }
      this.restMs = FIRST_REST_MS;
      const tookMs = performance.now() - startedAt;
      this.restUntil = tookMs < QUICK_MS ? -Infinity : performance.now() + tookMs / SHARE;
    } catch (error) {
      this.restUntil = performance.now() + this.restMs;
      this.restMs = Math.min(LONGEST_REST_MS, this.restMs * 6);
      throw error;
    }
  }
}

function forgetSome(texts: Map<string, string>): void {
  if (texts.size > KEPT) {
    texts.clear();
  }
}
