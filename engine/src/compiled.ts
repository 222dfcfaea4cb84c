/**
 * What can be worked out once for a pack: templates read, evidence as numbers, signals as positions in an array.
 * Kept beside the pack (weakly), so that judging and ranking touch no string that they need not touch.
 */
import { explainsBeside, namesOf } from './explains';
import { fixSignals, fixTexts } from './fixing/reads';
import type { Outcome } from './model/outcome';
import type { Band, Cause, Evidence, Pack, Runbook, Signal } from './model/pack';
import { compileConditions, namedSignals, type CompiledCondition } from './rows';
import { capitalise, compileSentence, sentencePlaceholders, type Sentence } from './sentence';
import { parseTemplate } from './template';

/** Decibans of the bands: 13 is odds of 20 to 1, 10 of 10, 5 of 3, 2 of 1.6. */
export const DECIBANS: Readonly<Record<Band, number>> = { decisive: 13, strong: 10, moderate: 5, weak: 2, none: 0 };

/** Greatest growth of a present signal's weight: a quarter. */
export const MAX_GROWTH = 0.25;

const SOURCES: ReadonlyArray<Signal['query']['source']> = ['prometheus', 'loki', 'diagnostics', 'alert', 'manual'];

export interface CompiledSignal {
  readonly signal: Signal;
  /** `<pack>/<signal>`. */
  readonly key: string;
}

export interface CompiledEvidence {
  readonly evidence: Evidence;
  readonly signal: CompiledSignal;
  /** Position of the signal in the runbook's `signals`. */
  readonly slot: number;
  /** Decibans when present and when absent. */
  readonly present: number;
  readonly absent: number;
  /** Position of the group in `Cause.groups`. */
  readonly group: number;
  /** A symptom of the runbook, or a view of one: shared by the causes of the runbook, the trouble and not its reason. */
  readonly symptomatic: boolean;
  readonly view: boolean;
  readonly where: readonly CompiledCondition[] | undefined;
  readonly proves: readonly CompiledCondition[] | undefined;
  /** ms that it has to have lasted to be proof. */
  readonly lasting: number;
  /** Of a signal that shows a change: the places of its onset and its contrast; undefined when nothing makes it proof. */
  readonly change: { readonly onset: number | undefined; readonly contrast: number | undefined } | undefined;
  /** A bit for each source, so that witnesses can be counted. */
  readonly source: number;
  /** Whether the source is asked about this moment and not about a window. */
  readonly momentary: boolean;
  /** The threshold that a value has to be well past to count in full; undefined when the test has no such scale. */
  readonly threshold: number | undefined;
  /** What it would give at its worst and at its best, grown as far as weights grow. */
  readonly worst: number;
  readonly best: number;
  /** Its share of the scale of coverage. */
  readonly mass: number;
  readonly says: Sentence | undefined;
}

export interface CompiledCause {
  readonly cause: Cause;
  /** Its title as a sentence begins. */
  readonly title: string;
  /** By what another cause may name it in `explains`. */
  readonly names: readonly string[];
  readonly evidence: readonly CompiledEvidence[];
  /** Some of its evidence speaks for it with certain rows only: its sentences speak of those. */
  readonly meansRows: boolean;
  readonly groups: number;
  /** Strongest band for and against in each group: its caps. */
  readonly capFor: readonly number[];
  readonly capAgainst: readonly number[];
  /** Decibans that all evidence could give or take: the scale of coverage. */
  readonly mass: number;
  readonly says: Sentence;
}

export interface CompiledRunbook {
  readonly runbook: Runbook;
  /** Symptoms and evidence, each signal once. */
  readonly signals: readonly CompiledSignal[];
  readonly symptoms: readonly number[];
  /** By slot: the key of the signal that asks the same of the last part of the window; most signals have none. */
  readonly recent: ReadonlyMap<number, string>;
  readonly causes: readonly CompiledCause[];
  /** Which causes explain which others beside them, by id; empty for most runbooks. */
  readonly edges: ReadonlyMap<string, ReadonlySet<string>>;
  /** Everything that the page of the runbook asks for: also preconditions, verification and facts of sentences. */
  readonly asks: readonly string[];
}

export interface CompiledPack {
  readonly pack: Pack;
  readonly signals: ReadonlyMap<string, CompiledSignal>;
  readonly runbooks: ReadonlyMap<string, CompiledRunbook>;
  /** Symptoms and evidence of all runbooks, each signal once. */
  readonly judged: readonly CompiledSignal[];
  /** Where to look first for a signal, by its id: the runbook that has it as a symptom, else as evidence. */
  readonly home: ReadonlyMap<string, Runbook>;
  /** The shared causes that stand in its runbooks, by their name (`common/bad-deploy`). */
  readonly shared: ReadonlyMap<string, readonly Cause[]>;
  /** Those of them that can mean trouble by themselves. */
  readonly troubles: readonly CompiledSignal[];
  /** Ids of the runbooks that have a signal as symptom or evidence. */
  readonly askedBy: ReadonlyMap<CompiledSignal, readonly string[]>;
}

const packs = new WeakMap<Pack, CompiledPack>();

/** The compiled form of a pack; worked out at the first call. */
export function compiled(pack: Pack): CompiledPack {
  let found = packs.get(pack);
  if (found === undefined) {
    found = compile(pack);
    packs.set(pack, found);
  }
  return found;
}

function compile(pack: Pack): CompiledPack {
  const signals = new Map<string, CompiledSignal>();
  for (const signal of Object.values(pack.signals)) {
    signals.set(signal.id, { signal, key: `${pack.id}/${signal.id}` });
  }
  const runbooks = new Map<string, CompiledRunbook>();
  const symptomatic = new Set(pack.runbooks.flatMap(({ symptoms }) => symptoms));
  for (const runbook of pack.runbooks) {
    runbooks.set(runbook.id, compileRunbook(runbook, signals, symptomatic));
  }
  const judged = new Set([...runbooks.values()].flatMap((runbook) => runbook.signals));
  const askedBy = new Map<CompiledSignal, string[]>();
  for (const [id, runbook] of runbooks) {
    runbook.signals.forEach((asked) => askedBy.set(asked, [...(askedBy.get(asked) ?? []), id]));
  }
  const troubles = [...judged].filter(({ signal }) => signal.trouble ?? 'critical' in signal.test);
  return {
    pack,
    signals,
    runbooks,
    judged: [...judged],
    home: homesOf(runbooks.values()),
    shared: sharedOf(pack),
    troubles,
    askedBy,
  };
}

function sharedOf(pack: Pack): Map<string, Cause[]> {
  const shared = new Map<string, Cause[]>();
  for (const cause of pack.runbooks.flatMap(({ causes }) => causes)) {
    const name = cause.identity.replace(/^[^:/]+:/, '');
    shared.set(name, [...(shared.get(name) ?? []), cause]);
  }
  return shared;
}

function homesOf(runbooks: Iterable<CompiledRunbook>): Map<string, Runbook> {
  const asSymptom = new Map<string, Runbook>();
  const asEvidence = new Map<string, Runbook>();
  for (const { runbook, signals, symptoms } of runbooks) {
    signals.forEach(({ signal }, slot) => {
      const homes = symptoms.includes(slot) ? asSymptom : asEvidence;
      if (!homes.has(signal.id)) {
        homes.set(signal.id, runbook);
      }
    });
  }
  return new Map([...asEvidence, ...asSymptom]);
}

function compileRunbook(
  runbook: Runbook,
  all: ReadonlyMap<string, CompiledSignal>,
  troubles: ReadonlySet<string>
): CompiledRunbook {
  const slots = new Map<string, number>();
  const signals: CompiledSignal[] = [];
  const slotOf = (id: string): number => {
    const known = slots.get(id);
    if (known !== undefined) {
      return known;
    }
    const signal = all.get(id);
    if (signal === undefined) {
      throw new Error(`The runbook ${runbook.id} names the signal ${id}, which its pack does not have.`);
    }
    signals.push(signal);
    slots.set(id, signals.length - 1);
    return signals.length - 1;
  };
  const symptoms = [...new Set(runbook.symptoms)].map(slotOf);
  const causes = runbook.causes.map((cause) => compileCause(cause, runbook, signals, slotOf, troubles));
  const recent = new Map(
    signals.flatMap(({ signal }, slot) => {
      const twin = signal.recent === undefined ? undefined : all.get(signal.recent);
      return twin === undefined ? [] : [[slot, twin.key] as const];
    })
  );
  return { runbook, signals, symptoms, recent, causes, edges: edgesOf(runbook), asks: asksOf(runbook, all) };
}

function edgesOf(runbook: Runbook): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  for (const cause of runbook.causes) {
    const found = runbook.causes.filter((other) => explainsBeside(cause, other, runbook.pack, runbook.id));
    if (found.length > 0) {
      edges.set(cause.id, new Set(found.map(({ id }) => id)));
    }
  }
  return edges;
}

function compileCause(
  cause: Cause,
  runbook: Runbook,
  signals: readonly CompiledSignal[],
  slotOf: (id: string) => number,
  troubles: ReadonlySet<string>
): CompiledCause {
  const groups = new Map<string, number>();
  const capFor: number[] = [];
  const capAgainst: number[] = [];
  let mass = 0;
  const evidence = cause.evidence.map((item, index): CompiledEvidence => {
    const name = item.group === undefined ? `#${index}` : item.group;
    const group = groups.get(name) ?? groups.size;
    groups.set(name, group);
    const present = item.present.sign * DECIBANS[item.present.band];
    const absent = item.absent.sign * DECIBANS[item.absent.band];
    capFor[group] = Math.max(capFor[group] ?? 0, present, absent);
    capAgainst[group] = Math.max(capAgainst[group] ?? 0, -present, -absent);
    const ownMass = Math.max(Math.abs(present), Math.abs(absent));
    mass += ownMass;
    const grown = present * (1 + MAX_GROWTH);
    const slot = slotOf(item.signal);
    const signal = signals[slot];
    if (signal === undefined) {
      throw new Error(`no signal at slot ${slot}`);
    }
    const { viewOf, change, query, test } = signal.signal;
    return {
      evidence: item,
      signal,
      slot,
      present,
      absent,
      group,
      // What one runbook calls its trouble is in no other the reason.
      symptomatic: troubles.has(item.signal) || viewOf !== undefined,
      view: viewOf !== undefined,
      where: compileConditions(item.where, slotOf),
      proves: compileConditions(item.proves, slotOf),
      lasting: (item.lasting ?? 0) * 1000,
      change: change && {
        onset: change.onset === undefined ? undefined : slotOf(change.onset),
        contrast: change.contrast === undefined ? undefined : slotOf(change.contrast),
      },
      source: 1 << SOURCES.indexOf(query.source),
      momentary: query.source === 'diagnostics' || query.source === 'alert',
      threshold: 'above' in test && test.above > 0 ? test.above : undefined,
      worst: Math.min(0, grown, absent),
      best: Math.max(0, grown, absent),
      mass: ownMass,
      says: item.says === undefined ? undefined : compileSentence(item.says),
    };
  });
  return {
    cause,
    title: capitalise(cause.title),
    names: namesOf(cause, runbook.pack, runbook.id),
    evidence,
    meansRows: evidence.some(({ where, present }) => where !== undefined && present > 0),
    groups: groups.size,
    capFor,
    capAgainst,
    mass,
    says: compileSentence(cause.says),
  };
}

function asksOf(runbook: Runbook, all: ReadonlyMap<string, CompiledSignal>): string[] {
  const wanted = new Set<string>(runbook.symptoms);
  const addPlaceholders = (text: string) => {
    for (const part of parseTemplate(text)) {
      if (typeof part !== 'string' && all.has(part.name)) {
        wanted.add(part.name);
      }
    }
  };
  for (const cause of runbook.causes) {
    sentencePlaceholders(compileSentence(cause.says)).forEach(({ name }) => all.has(name) && wanted.add(name));
    for (const item of cause.evidence) {
      [item.signal, ...namedSignals(item)].forEach((id) => wanted.add(id));
      addPlaceholders(item.says ?? '');
    }
  }
  for (const fix of Object.values(runbook.fixes)) {
    fixSignals(fix).forEach((id) => wanted.add(id));
    fixTexts(fix).forEach(addPlaceholders);
  }
  for (const id of wanted) {
    // A Set may grow while it is walked: requirements of requirements are found too.
    const signal = all.get(id)?.signal;
    signal?.requires.forEach((required) => all.has(required) && wanted.add(required));
    for (const named of [signal?.recent, signal?.change?.onset, signal?.change?.contrast]) {
      if (named !== undefined && all.has(named)) {
        wanted.add(named);
      }
    }
  }
  return [...wanted];
}

/** The outcome of a signal that has not been asked, or whose answer has not come yet. */
export function unasked(signal: string): Outcome {
  return {
    signal,
    state: 'unknown',
    severity: undefined,
    value: undefined,
    unit: undefined,
    threshold: undefined,
    margin: undefined,
    since: undefined,
    rows: [],
    askedAt: 0,
    tookMs: 0,
    reason: 'cancelled',
    detail: 'not answered yet',
    mend: 'Wait for the answer or ask again.',
  };
}
