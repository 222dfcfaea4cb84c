import { fixSignals } from '../../compiled/fixReads';
import type { Runbook, Signal } from '../../model/pack';
import { namedSignals } from '../../compiled/conditions';
import { notAmong } from '../problem';
import { compileSignal } from './compileParts';
import type { Definitions } from './definitions';

/** The pack's own signals and the shared ones that its runbooks name, directly or through `requires`. */
export function usedSignals(
  defs: Definitions,
  runbooks: readonly Runbook[],
  own: readonly string[]
): Record<string, Signal> {
  const wanted = new Set(own);
  for (const runbook of runbooks) {
    const text = JSON.stringify([runbook.causes, runbook.fixes, runbook.escalate, runbook.summary]);
    for (const match of text.matchAll(/\{\{\s*([a-z][a-z0-9-]*)/g)) {
      if (match[1] !== undefined && defs.signals.has(match[1])) {
        wanted.add(match[1]);
      }
    }
    runbook.symptoms.forEach((id) => wanted.add(id));
    runbook.causes.forEach((cause) =>
      cause.evidence.forEach((item) => [item.signal, ...namedSignals(item)].forEach((id) => wanted.add(id)))
    );
    Object.values(runbook.fixes).forEach((fix) => {
      fixSignals(fix).forEach((id) => wanted.add(id));
    });
    runbook.prevention.forEach(({ signal }) => wanted.add(signal));
  }
  const queue = [...wanted];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const entry = defs.signals.get(id);
    for (const key of ['viewOf', 'recent'] as const) {
      const named = entry?.value[key];
      if (entry && named !== undefined) {
        defs.needSignal(named, { source: entry.origin.source, path: [...entry.origin.path, key] });
      }
    }
    const { recent, change } = entry?.value ?? {};
    const beside = { onset: undefined, contrast: undefined, ...change };
    for (const key of ['onset', 'contrast'] as const) {
      const named = beside[key];
      if (entry && named !== undefined) {
        defs.needSignal(named, { source: entry.origin.source, path: [...entry.origin.path, 'change', key] });
      }
    }
    for (const named of [recent, beside.onset, beside.contrast]) {
      if (named !== undefined && !wanted.has(named)) {
        wanted.add(named);
        queue.push(named);
      }
    }
    for (const [name, part] of Object.entries(entry?.value.of ?? {})) {
      if (entry) {
        defs.needSignal(part, { source: entry.origin.source, path: [...entry.origin.path, 'of', name] });
      }
      if (!wanted.has(part)) {
        wanted.add(part);
        queue.push(part);
      }
    }
    for (const [index, required] of (entry?.value.requires ?? []).entries()) {
      if (!defs.signals.has(required) && entry) {
        defs.fail(
          { source: entry.origin.source, path: [...entry.origin.path, 'requires', index] },
          'unknown-signal',
          notAmong('the signal', required, [...defs.signals.keys()])
        );
      } else if (!wanted.has(required)) {
        wanted.add(required);
        queue.push(required);
      }
    }
  }
  const compiled: Record<string, Signal> = {};
  for (const id of [...wanted].sort()) {
    const entry = defs.signals.get(id);
    if (entry) {
      compiled[id] = compileSignal(id, entry.value);
    }
  }
  return compiled;
}
