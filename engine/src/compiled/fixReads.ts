/** What a fix reads: the signals that it names, and the texts in which more may stand as placeholders. */
import type { Fix } from '../model/pack';

/** `signal.column` or `signal`, in parts. */
export function changeSource(from: string): { readonly signal: string; readonly column?: string } {
  const [signal = '', column] = from.split('.');
  return column === undefined ? { signal } : { signal, column };
}

/** The signals that a fix names. */
export function fixSignals(fix: Fix): string[] {
  return [
    ...fix.when,
    ...fix.unless,
    ...(fix.verify === undefined ? [] : [fix.verify.signal]),
    ...(fix.verify?.underway === undefined ? [] : [fix.verify.underway]),
    ...(fix.changes === undefined ? [] : [changeSource(fix.changes.from).signal]),
  ];
}

export function fixTexts(fix: Fix): string[] {
  const { command, reach, note, rollback, confirm, on } = fix;
  return [command, reach, note, rollback, confirm, ...Object.values(on ?? {})].filter((text) => text !== undefined);
}
