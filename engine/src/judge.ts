/**
 * From an answer to an outcome. The rules that keep it honest: an empty answer is what the signal's author says that it
 * means (`unknown` by default), a NaN sample holds no information and counts as empty, an old answer is `stale`, and
 * what could not be asked is unknown with its reason and how to mend it.
 */
import { compiled, unasked } from './compiled';
import { compileFill, fill } from './fill';
import { defaultMend } from './mend';
import type { BoundPack, OutcomeMap } from './model/bound';
import type { Outcome, Reading, Row, Scalar, UnknownReason } from './model/outcome';
import type { Condition, Signal, Test } from './model/pack';
import type { Plan } from './model/plan';
import { paramValue } from './plan';
import { parseTemplate } from './template';

const MAX_ROWS = 20;
/** A margin beyond this says nothing more, and infinity is no JSON. */
const MAX_MARGIN = 1000;

/** Judges one reading. `requires` needs the other outcomes and is applied by `judgeAll`. Times in ms. */
export function judge(bound: BoundPack, signalId: string, reading: Reading | undefined, now: number): Outcome {
  const signal = compiled(bound.pack).signals.get(signalId)?.signal;
  if (signal === undefined) {
    throw new Error(`The pack ${bound.pack.id} has no signal ${signalId}.`);
  }
  return judgeSignal(bound, signal, reading, now);
}

/**
 * Judges every signal of a plan. Keys are `<pack>/<signal>`; a query without a reading gives an unknown. A manual
 * signal's answer is looked up under its own key.
 */
export function judgeAll(
  bounds: readonly BoundPack[],
  plan: Plan,
  readings: ReadonlyMap<string, Reading>,
  now: number
): OutcomeMap {
  const outcomes = new Map<string, Outcome>();
  const { readers, unplanned, homes, dependent } = routesOf(bounds, plan);
  for (const { query, homes: readBy } of readers) {
    const reading = readings.get(query);
    for (const { key, bound, signal } of readBy) {
      outcomes.set(key, judgeSignal(bound, signal, reading, now));
    }
  }
  for (const { home, reason, mend } of unplanned) {
    const answer = home.signal.query.source === 'manual' ? readings.get(home.key) : undefined;
    outcomes.set(
      home.key,
      answer ? judgeSignal(home.bound, home.signal, answer, now) : unknown(home.signal, reason, { mend, askedAt: now })
    );
  }
  if (dependent.length > 0) {
    const settled = new Set<string>();
    for (const key of dependent) {
      settle(key, homes, outcomes, settled);
    }
  }
  return outcomes;
}

interface Home {
  readonly key: string;
  readonly bound: BoundPack;
  readonly signal: Signal;
}

/** Who reads which answer. */
interface Routes {
  readonly bounds: readonly BoundPack[];
  readonly readers: ReadonlyArray<{ readonly query: string; readonly homes: readonly Home[] }>;
  readonly unplanned: ReadonlyArray<{ readonly home: Home; readonly reason: UnknownReason; readonly mend: string }>;
  readonly homes: ReadonlyMap<string, Home>;
  /** Keys of the signals that require others. */
  readonly dependent: readonly string[];
}

const routes = new WeakMap<Plan, Routes>();

/** Worked out once for a plan: it stays the same from refresh to refresh. */
function routesOf(bounds: readonly BoundPack[], plan: Plan): Routes {
  const known = routes.get(plan);
  if (known?.bounds.length === bounds.length && known.bounds.every((bound, index) => bound === bounds[index])) {
    return known;
  }
  const homes = new Map<string, Home>();
  for (const bound of bounds) {
    for (const { key, signal } of compiled(bound.pack).signals.values()) {
      homes.set(key, { key, bound, signal });
    }
  }
  const made: Routes = {
    bounds: [...bounds],
    readers: plan.queries.map(({ id, signals }) => ({
      query: id,
      homes: signals.flatMap((key) => homes.get(key) ?? []),
    })),
    unplanned: plan.unplanned.flatMap(({ signal, reason, mend }) => {
      const home = homes.get(signal);
      return home === undefined ? [] : [{ home, reason, mend }];
    }),
    homes,
    dependent: [...homes.values()].flatMap(({ key, signal }) => (signal.requires.length > 0 ? [key] : [])),
  };
  routes.set(plan, made);
  return made;
}

/** A signal whose requirement is absent does not apply; one whose requirement is unknown is unknown for that reason. */
function settle(
  key: string,
  homes: ReadonlyMap<string, Home>,
  outcomes: Map<string, Outcome>,
  settled: Set<string>
): void {
  if (settled.has(key)) {
    return;
  }
  settled.add(key);
  const home = homes.get(key);
  const outcome = outcomes.get(key);
  if (!home || !outcome || home.signal.requires.length === 0) {
    return;
  }
  for (const required of home.signal.requires) {
    const requiredKey = `${home.bound.pack.id}/${required}`;
    settle(requiredKey, homes, outcomes, settled);
    const state = outcomes.get(requiredKey);
    if (state?.state === 'present' || outcome.state === 'unknown') {
      continue;
    }
    const title = homes.get(requiredKey)?.signal.title ?? required;
    outcomes.set(
      key,
      state?.state === 'absent'
        ? unknown(home.signal, 'not-applicable', {
            detail: `applies only when: ${title}`,
            mend: 'Nothing to do.',
            askedAt: outcome.askedAt,
          })
        : unknown(home.signal, state?.reason ?? 'cancelled', {
            detail: `depends on "${title}", which is unknown`,
            ...(state?.mend === undefined ? {} : { mend: state.mend }),
            askedAt: outcome.askedAt,
          })
    );
    return;
  }
}

function judgeSignal(bound: BoundPack, signal: Signal, reading: Reading | undefined, now: number): Outcome {
  if (reading === undefined) {
    return unasked(signal.id);
  }
  const { askedAt, tookMs } = reading;
  if (reading.kind === 'failure') {
    return unknown(signal, reading.reason, { detail: reading.detail, mend: reading.mend, askedAt, tookMs });
  }
  const answeredAt = reading.kind === 'check' ? reading.check.askedAt : askedAt;
  if (now - answeredAt > signal.maxAge * 1000) {
    return unknown(signal, 'stale', {
      detail: `the answer is ${Math.round((now - answeredAt) / 1000)} s old`,
      askedAt: answeredAt,
      tookMs,
    });
  }
  switch (reading.kind) {
    case 'samples':
      return judgeSamples(signal, reading);
    case 'alerts':
      return judgeAlerts(bound, signal, reading);
    case 'check':
      return judgeCheck(bound, signal, reading);
  }
}

function judgeSamples(signal: Signal, reading: Extract<Reading, { kind: 'samples' }>): Outcome {
  const { test } = signal;
  const known = reading.samples.some(({ value }) => Number.isNaN(value))
    ? reading.samples.filter(({ value }) => !Number.isNaN(value))
    : reading.samples;
  if (known.length === 0) {
    return empty(
      signal,
      reading,
      reading.samples.length === 0 ? 'the answer holds no series' : 'the answer is no number (0/0)'
    );
  }
  const sorted =
    known.length === 1
      ? known
      : [...known].sort((a, b) => worse(test, a.value, b.value) || compareLabels(a.labels, b.labels));
  const rows: Row[] = [];
  for (const { value, labels } of sorted) {
    if (rows.length < MAX_ROWS && passes(test, value)) {
      rows.push({ ...labels, value });
    }
  }
  return outcome(signal, sorted[0]?.value ?? 0, rows, reading);
}

function judgeAlerts(bound: BoundPack, signal: Signal, reading: Extract<Reading, { kind: 'alerts' }>): Outcome {
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

function judgeCheck(bound: BoundPack, signal: Signal, reading: Extract<Reading, { kind: 'check' }>): Outcome {
  const { check } = reading;
  const at = { askedAt: check.askedAt, tookMs: reading.tookMs };
  if (signal.query.source !== 'diagnostics') {
    return unknown(signal, 'query-error', { detail: 'a check answered a question that is not about it', ...at });
  }
  if (check.state === 'unknown') {
    return unknown(signal, check.reason ?? 'query-error', {
      detail: check.summary,
      ...(check.mend === undefined ? {} : { mend: check.mend }),
      ...at,
    });
  }
  const { read } = signal.query;
  const since = check.since ?? undefined;
  if ('rows' in read) {
    const table = Object.hasOwn(check.rows, read.rows) ? check.rows[read.rows] : undefined;
    if (table === undefined) {
      return unknown(signal, 'query-error', {
        detail: `the check ${check.id} has no table ${read.rows}; it has ${Object.keys(check.rows).join(', ') || 'none'}`,
        mend: 'Bring the diagnostics service and the pack to the same version.',
        ...at,
      });
    }
    const where = Object.entries(read.where);
    const rows =
      where.length === 0
        ? table
        : table.filter((row) => where.every(([column, condition]) => holds(bound, condition, row[column])));
    return outcome(signal, rows.length, rows.slice(0, MAX_ROWS), at, since);
  }
  const field = Object.hasOwn(check.fields, read.field)
    ? check.fields[read.field]
    : read.field === 'value'
      ? check.value
      : undefined;
  if (field === undefined) {
    return unknown(signal, 'query-error', {
      detail: `the check ${check.id} has no field ${read.field}; it has ${Object.keys(check.fields).join(', ') || 'none'}`,
      mend: 'Bring the diagnostics service and the pack to the same version.',
      ...at,
    });
  }
  if (field === null) {
    return empty(signal, at, `the check ${check.id} has no value for ${read.field}`);
  }
  const facts = [check.fields];
  if ('is' in signal.test || 'isNot' in signal.test) {
    const present = 'is' in signal.test ? same(field, signal.test.is) : !same(field, signal.test.isNot);
    return {
      signal: signal.id,
      state: present ? 'present' : 'absent',
      ...(typeof field === 'number' ? { value: field } : {}),
      unit: signal.unit,
      ...(present && since !== undefined ? { since } : {}),
      rows: facts,
      ...at,
    };
  }
  const value =
    typeof field === 'boolean'
      ? Number(field)
      : typeof field === 'number'
        ? field
        : field.trim() === ''
          ? NaN
          : Number(field);
  if (Number.isNaN(value)) {
    return unknown(signal, 'query-error', {
      detail: `${read.field} of ${check.id} is no number: ${JSON.stringify(field)}`,
      ...at,
    });
  }
  return outcome(signal, value, facts, at, since);
}

function outcome(
  signal: Signal,
  value: number,
  rows: readonly Row[],
  { askedAt, tookMs }: { askedAt: number; tookMs: number },
  since?: number
): Outcome {
  const { test } = signal;
  const present = passes(test, value);
  const threshold = 'above' in test ? test.above : 'below' in test ? test.below : undefined;
  const critical = 'critical' in test ? test.critical : undefined;
  const isCritical = critical !== undefined && ('above' in test ? value >= critical : value <= critical);
  const margin = present ? marginOf(test, value) : undefined;
  const judged: { -readonly [Key in keyof Outcome]: Outcome[Key] } = {
    signal: signal.id,
    state: present ? 'present' : 'absent',
    value,
    unit: signal.unit,
    rows,
    askedAt,
    tookMs,
  };
  if (threshold !== undefined) {
    judged.threshold = threshold;
    if (present) {
      judged.severity = isCritical ? 'critical' : 'warning';
    }
  }
  if (margin !== undefined) {
    judged.margin = margin;
  }
  if (present && since !== undefined) {
    judged.since = since;
  }
  return judged;
}

function empty(signal: Signal, { askedAt, tookMs }: { askedAt: number; tookMs: number }, detail: string): Outcome {
  if (signal.empty === 'unknown') {
    return unknown(signal, 'no-series', { detail, askedAt, tookMs });
  }
  return { signal: signal.id, state: signal.empty, unit: signal.unit, detail, rows: [], askedAt, tookMs };
}

function unknown(
  signal: Signal,
  reason: UnknownReason,
  facts: { detail?: string; mend?: string; askedAt: number; tookMs?: number }
): Outcome {
  const { detail, mend, askedAt, tookMs = 0 } = facts;
  const judged: { -readonly [Key in keyof Outcome]: Outcome[Key] } = {
    signal: signal.id,
    state: 'unknown',
    rows: NO_ROWS,
    askedAt,
    tookMs,
    reason,
    mend: signal.mend[reason] ?? (mend === undefined || mend === '' ? defaultMend(reason, signal.query.source) : mend),
  };
  if (detail !== undefined) {
    judged.detail = detail;
  }
  return judged;
}

const NO_ROWS: readonly Row[] = [];

/** Whether a number passes a test: the signal is then present. */
export function passes(test: Test, value: number): boolean {
  if ('above' in test) {
    return value > test.above;
  }
  if ('below' in test) {
    return value < test.below;
  }
  return 'is' in test ? same(value, test.is) : !same(value, test.isNot);
}

function worse(test: Test, a: number, b: number): number {
  if ('above' in test) {
    return b - a || 0;
  }
  if ('below' in test) {
    return a - b || 0;
  }
  return Number(passes(test, b)) - Number(passes(test, a));
}

/** How far past its threshold a present value is, as a ratio ≥ 0; undefined when the test has no scale. */
export function marginOf(test: Test, value: number): number | undefined {
  if ('above' in test) {
    const scale = test.above === 0 ? (test.critical ?? 0) : test.above;
    return scale === 0 ? undefined : clampMargin((value - test.above) / Math.abs(scale));
  }
  if ('below' in test) {
    return test.below > 0 && value > 0
      ? clampMargin(test.below / value - 1)
      : test.below === 0
        ? undefined
        : clampMargin((test.below - value) / Math.abs(test.below));
  }
  return undefined;
}

function clampMargin(margin: number): number {
  return Math.min(MAX_MARGIN, Math.max(0, margin));
}

function holds(bound: BoundPack, condition: Condition, cell: Scalar | undefined): boolean {
  if (cell === undefined) {
    return false;
  }
  if ('is' in condition) {
    return same(cell, typeof condition.is === 'string' ? (bindText(bound, condition.is) ?? '') : condition.is);
  }
  if ('oneOf' in condition) {
    return condition.oneOf.some((wanted) => same(cell, wanted));
  }
  const value = typeof cell === 'number' ? cell : typeof cell === 'string' && cell.trim() !== '' ? Number(cell) : NaN;
  return 'above' in condition ? value > condition.above : value < condition.below;
}

function same(a: Scalar, b: Scalar): boolean {
  return a === b || (a !== null && b !== null && String(a) === String(b));
}

function bindText(bound: BoundPack, text: string): string | undefined {
  if (!text.includes('{{')) {
    return text;
  }
  if (parseTemplate(text).every((part) => typeof part === 'string')) {
    return text;
  }
  const filled = fill(compileFill(text, 'text'), (placeholder) => paramValue(bound, placeholder));
  return filled.missing.length === 0 ? filled.text : undefined;
}

function times({ askedAt, tookMs }: { askedAt: number; tookMs: number }) {
  return { askedAt, tookMs };
}

/** Among equally bad series the order is that of their labels, whatever order the source answered in. */
function compareLabels(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): number {
  const left = JSON.stringify(Object.entries(a).sort());
  const right = JSON.stringify(Object.entries(b).sort());
  return left < right ? -1 : left > right ? 1 : 0;
}
