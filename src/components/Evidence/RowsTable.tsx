import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { formatDuration, namedValue, showHidden, type Row, type Scalar } from '@live-runbooks/engine';
import { testIds } from '../testIds';

/** The facts behind an outcome as they were answered: the rows of a check, or the labels of the series. */
export function RowsTable({ rows, caption }: { rows: readonly Row[]; caption: string }) {
  const styles = useStyles2(getStyles);
  // A column in which nothing was answered would only take room.
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row).filter((c) => row[c] !== null)))];
  return (
    <div
      className={styles.scroll}
      data-testid={testIds.runbook.rows}
      tabIndex={0}
      role="region"
      aria-label={`Rows: ${caption}`}
    >
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map((c) => (
              <th key={c} scope="col">
                {showHidden(words(c))}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {columns.map((c) => (
                <td key={c} data-long={isLong(row[c])}>
                  {cell(c, row[c])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const isLong = (value: Scalar | undefined) => typeof value === 'string' && value.length > 40;

/** `idleSeconds` → `idle`, `waitingBehind` → `waiting behind`: seconds are shown as durations. */
function words(column: string): string {
  return column
    .replace(/Seconds$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
}

function cell(column: string, value: Scalar | undefined): string {
  if (value === null || value === undefined) {
    return '–';
  }
  if (typeof value === 'number') {
    return /Seconds$/.test(column) ? formatDuration(value) : String(Math.round(value * 1000) / 1000);
  }
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : showHidden(String(namedValue(column, value)));
}

const getStyles = (theme: GrafanaTheme2) => ({
  scroll: css({ overflowX: 'auto', maxHeight: 320 }),
  table: css({
    ...theme.typography.bodySmall,
    borderCollapse: 'collapse',
    fontVariantNumeric: 'tabular-nums',
    'th, td': {
      textAlign: 'left',
      padding: theme.spacing(0.25, 1.5, 0.25, 0),
      verticalAlign: 'top',
      whiteSpace: 'nowrap',
      maxWidth: 420,
    },
    th: { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular, whiteSpace: 'nowrap' },
    // A query text may wrap; everything else reads in one line.
    'td[data-long="true"]': { whiteSpace: 'pre-wrap', minWidth: 320, overflowWrap: 'anywhere' },
    'tbody tr': { borderTop: `1px solid ${theme.colors.border.weak}` },
  }),
});
