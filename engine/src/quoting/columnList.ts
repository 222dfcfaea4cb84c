import { sqlIdentifier } from './quote';

const COLUMN = /^(?:([A-Za-z_][A-Za-z0-9_$]*)|("(?:[^"]|"")+"))(?:\s+(asc|desc))?(?:\s+(nulls\s+(?:first|last)))?$/i;

/**
 * The columns of an index, as SQL: `tenant_id, "createdAt" desc` → `"tenant_id", "createdAt" DESC`. Undefined for
 * everything else, expressions included. A bare name is folded to lower case as PostgreSQL would.
 */
export function columnList(text: string): string | undefined {
  const columns: string[] = [];
  for (const item of text.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)) {
    const match = COLUMN.exec(item.trim());
    if (!match) {
      return undefined;
    }
    const [, bare, quoted = '', order, nulls] = match;
    try {
      const name = sqlIdentifier(bare === undefined ? quoted : bare.toLowerCase());
      columns.push([name, order?.toUpperCase(), nulls?.toUpperCase().replace(/\s+/g, ' ')].filter(Boolean).join(' '));
    } catch (error) {
      if (!(error instanceof RangeError)) {
        throw error;
      }
      return undefined;
    }
  }
  return columns.join(', ');
}
