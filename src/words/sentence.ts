import { ended } from '@live-runbooks/engine';

/**
 * Sources and authors write clauses: `no data source is chosen` becomes `No data source is chosen.` A first word that is
 * no plain word (`pg_wal`, `gorax-api`) is a name, and stays as it is.
 */
export function sentence(clause: string): string {
  const text = clause.trim().replace(/^[a-z](?=[a-z]*[\s,.:;]|$)/, (letter) => letter.toUpperCase());
  return text === '' ? '' : ended(text);
}

/** Keeps a number and its unit on one line: `3 min 9 s`, `12 %`. */
export function unbroken(text: string): string {
  return text.replace(/(\d) (?=(?:ms|s|min|h|d|%|[kMGT]i?B)(?![\w-]))/g, '$1\u00a0');
}
