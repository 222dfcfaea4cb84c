/** What the fault matrix found, one file a fault: two workers write, and a test that fails ends the process that knows. */
import { mkdirSync, readFileSync, readdirSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const MATRIX_DIR = path.resolve(__dirname, '../../.cache/reports/fault-matrix');

export interface MatrixRow {
  readonly fault: string;
  readonly first: string;
  readonly rank: string;
  readonly found: string;
  readonly cleared: string;
  readonly looks: string;
  readonly wrong: string;
  /** Looks at which the diagnostics service said that it gets too little of the machine. */
  readonly starved: string;
}

export function noteRow(row: MatrixRow): void {
  mkdirSync(MATRIX_DIR, { recursive: true });
  writeFileSync(path.join(MATRIX_DIR, `${row.fault}.json`), `${JSON.stringify(row, null, 2)}\n`);
}

/** The rows so far as a table; empty when the matrix did not run. */
export function matrixTable(): string {
  const files = existsSync(MATRIX_DIR) ? readdirSync(MATRIX_DIR).sort() : [];
  if (files.length === 0) {
    return '';
  }
  const header: MatrixRow = {
    fault: 'fault',
    first: 'first suspect',
    rank: 'rank',
    found: 'found',
    cleared: 'cleared',
    looks: 'looks',
    wrong: 'wrong',
    starved: 'starved',
  };
  const rows = [
    header,
    ...files.map((file) => JSON.parse(readFileSync(path.join(MATRIX_DIR, file), 'utf8')) as MatrixRow),
  ];
  const keys = Object.keys(header) as Array<keyof MatrixRow>;
  const width = (key: keyof MatrixRow) => Math.max(...rows.map((row) => row[key].length));
  return `\n${rows.map((row) => keys.map((key) => row[key].padEnd(width(key))).join('  ')).join('\n')}\n`;
}
