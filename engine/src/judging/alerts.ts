import type { BoundPack } from '../model/bound';
import type { Outcome, Reading } from '../model/outcome';
import type { Signal } from '../model/pack';
import { bindText } from '../planning/bindText';
import { empty, MAX_ROWS, outcome, unknown } from './outcomeOf';

/** Counts the firing alerts of this name; one that no rule was evaluated for is unknown. */
export function judgeAlerts(bound: BoundPack, signal: Signal, reading: Extract<Reading, { kind: 'alerts' }>): Outcome {
  if (signal.query.source !== 'alert') {
    return unknown(signal, 'query-error', {
      detail: 'alerts answered a question that is not about alerts',
      ...times(reading),
    });
  }
  const { name, labels } = signal.query;
  const wanted = Object.entries(labels).map(([label, value]) => [label, bindText(bound, value)] as const);
  const unbound = wanted.find(([, value]) => value === undefined);
  if (unbound) {
    return unknown(signal, 'not-configured', {
      detail: `the label ${unbound[0]} needs a parameter without a value`,
      ...times(reading),
    });
  }
  const firing = reading.firing.filter(
    (row) => row['alertname'] === name && wanted.every(([label, value]) => String(row[label] ?? '') === value)
  );
  if (firing.length === 0 && reading.evaluated?.includes(name) === false) {
    return unknown(signal, reading.unheard?.reason ?? 'no-series', {
      detail: reading.unheard?.detail ?? `no rule named ${name} was evaluated`,
      mend:
        reading.unheard?.mend ??
        `The rule ${name} is not deployed, or it is paused or broken: look for it under Alerting → Alert rules.`,
      ...times(reading),
    });
  }
  if (firing.length === 0 && signal.empty !== 'absent') {
    return empty(signal, reading, `${name} does not fire`);
  }
  const begun = firing.map((row) => row['activeAt']).filter((at): at is number => typeof at === 'number');
  const since =
    begun.length > 0 ? Math.min(...begun) : firing.length === reading.firing.length ? reading.since : undefined;
  return outcome(signal, firing.length, firing.slice(0, MAX_ROWS), reading, since);
}

function times({ askedAt, tookMs }: { askedAt: number; tookMs: number }) {
  return { askedAt, tookMs };
}
