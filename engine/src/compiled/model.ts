/** The shapes of what is worked out once for a pack. */
import type { Cause, Evidence, Pack, Runbook, Signal } from '../model/pack';
import type { Sentence } from '../wording/sentence';
import type { CompiledCondition } from './conditions';

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
  /** Neither shows trouble, nor sees it closer, nor is a change: what is present of it is of the cause itself. */
  readonly own: boolean;
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
  /** The shared causes that stand in its runbooks, by their name (`http-service/bad-deploy`). */
  readonly shared: ReadonlyMap<string, readonly Cause[]>;
  /** The signals that show an effect. */
  readonly showing: readonly CompiledSignal[];
  /** Those of the judged that can mean trouble by themselves. */
  readonly troubles: readonly CompiledSignal[];
  /** Ids of the runbooks that have a signal as symptom or evidence. */
  readonly askedBy: ReadonlyMap<CompiledSignal, readonly string[]>;
}
