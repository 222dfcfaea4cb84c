import { fixSignals, fixTexts } from '../../compiled/fixReads';
import { namedSignals } from '../../compiled/conditions';
import type { Pack } from '../../model/pack';

/** Signals that something in the pack reads. */
export function signalsRead(pack: Pack): Set<string> {
  const used = new Set<string>();
  const inText = (text: string) => {
    for (const match of text.matchAll(/\{\{\s*([a-z][\w-]*)/g)) {
      used.add(match[1] ?? '');
    }
  };
  for (const runbook of pack.runbooks) {
    runbook.symptoms.forEach((id) => used.add(id));
    runbook.prevention.forEach(({ signal }) => used.add(signal));
    for (const cause of runbook.causes) {
      inText(cause.says);
      cause.evidence.forEach((item) => {
        [item.signal, ...namedSignals(item)].forEach((id) => used.add(id));
        inText(item.says ?? '');
      });
    }
    for (const fix of Object.values(runbook.fixes)) {
      fixSignals(fix).forEach((id) => used.add(id));
      fixTexts(fix).forEach(inText);
    }
  }
  for (const id of used) {
    const signal = pack.signals[id];
    signal?.requires.forEach((required) => used.add(required));
    const { query } = signal ?? {};
    Object.values(query?.source === 'combine' ? query.of : {}).forEach((part) => used.add(part));
    for (const named of [signal?.recent, signal?.change?.onset, signal?.change?.contrast]) {
      if (named !== undefined) {
        used.add(named);
      }
    }
  }
  return used;
}
