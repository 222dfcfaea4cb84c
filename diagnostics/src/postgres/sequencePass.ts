/**
 * All sequences of a database, looked at over as many rounds as that takes: in the order of their ids, and in each round
 * those anew that are a finding. What is known of an id lasts until a pass comes to it again.
 */
import { round3 } from '../model/clock';
import type { PostgresCheckContext } from './context';
import { cellText } from './cells';
import { AT_ONCE, type LookedSequence, lookAtSequences } from './sequenceLook';

export interface KnownSequence {
  readonly sequence: string | null;
  readonly column: string | null;
  readonly lastValue: number | null;
  readonly limit: number;
  readonly usedRatio: number;
  readonly left: number;
}

export interface UnreadSequence {
  readonly sequence: string;
  /** Quoted. */
  readonly schema: string;
  readonly full: string;
  /** This role may not read it, else it was locked or dropped. */
  readonly refused: boolean;
  readonly reach: boolean;
}

/** One round reads so many, and takes so long for it: there are other checks. */
export const SEQUENCES_A_ROUND = 1000;
const SPEND_MS = 250;
/** A finding among more than these is not told apart: then all have to be looked at once more. */
const KEEP = 1000;
const SHOWN = 20;

export class SequencePass {
  private database: number | undefined;
  private known = new Map<number, KnownSequence>();
  private unread = new Map<number, UnreadSequence>();
  private after = 0;
  private highest = 0;
  private counted = 0;
  private rounds = 0;
  private lost = false;
  /** Ids passed by in this pass; all kinds of sequences. */
  looked = 0;
  /** Those that count, in the last whole pass, or so far. */
  sequences = 0;
  /** Every sequence was looked at, and every finding was kept. */
  covered = false;
  /** The last pass took more than one round, or this one does. */
  inParts = false;

  /** `firing`: share from which on a sequence is a finding. */
  constructor(private readonly firing: number) {}

  /** Fullest first. */
  fullest(): readonly KnownSequence[] {
    return [...this.known.values()].sort((a, b) => b.usedRatio - a.usedRatio);
  }
  notRead(): readonly UnreadSequence[] {
    return [...this.unread.values()];
  }
  isKnown(id: number): boolean {
    return this.known.has(id) || this.unread.has(id);
  }

  /** Goes on for one round. Errors: those of `ask`; what was learned before stays. */
  async goOn(context: PostgresCheckContext, locked: readonly number[]): Promise<void> {
    if (this.database !== context.names.database.id) {
      this.restart(context.names.database.id);
    }
    const until = performance.now() + SPEND_MS;
    if (this.inParts) {
      const ids = this.toSeeAgain();
      const found = ids.length === 0 ? [] : await lookAtSequences(context, { ids }, locked);
      ids.forEach((id) => this.forget(id));
      this.learn(found);
    }
    if (this.after === 0) {
      [this.looked, this.counted, this.rounds, this.lost] = [0, 0, 0, false];
    }
    this.rounds += 1;
    let lookedNow = 0;
    let ended: boolean;
    do {
      const found = await lookAtSequences(context, { after: this.after }, locked, { givesBack: lookedNow > 0 });
      ended = found.length < AT_ONCE;
      this.advance(found, ended);
      lookedNow += found.length;
    } while (!ended && lookedNow < SEQUENCES_A_ROUND && performance.now() < until);
    if (!ended) {
      this.inParts = true;
      await this.lookAtNewOnes(context, locked);
    }
    this.sequences = ended || !this.covered ? this.counted : this.sequences;
    if (ended) {
      this.inParts = this.rounds > 1;
      this.covered = !this.lost;
      this.after = 0;
    }
  }

  /** Ids rise: what was made since the last pass follows its last one. Many, as a restored dump makes: a pass has to see them. */
  private async lookAtNewOnes(context: PostgresCheckContext, locked: readonly number[]): Promise<void> {
    if (!this.covered) {
      return;
    }
    const after = Math.max(this.highest, this.after);
    const found = await lookAtSequences(context, { after }, locked, { givesBack: true });
    this.learn(found);
    this.highest = found.at(-1)?.id ?? after;
    this.covered = found.length < AT_ONCE;
  }

  private advance(found: readonly LookedSequence[], ended: boolean): void {
    const to = ended ? Infinity : (found.at(-1)?.id ?? this.after);
    for (const id of [...this.known.keys(), ...this.unread.keys()]) {
      if (id > this.after && id <= to) {
        this.forget(id);
      }
    }
    this.learn(found);
    this.looked += found.length;
    this.counted += found.filter(({ counts }) => counts).length;
    this.highest = Math.max(this.highest, found.at(-1)?.id ?? 0);
    this.after = to;
  }

  private learn(found: readonly LookedSequence[]): void {
    for (const each of found.filter(({ counts }) => counts)) {
      const { id, row, readable, last } = each;
      if (last === undefined) {
        this.unread.set(id, {
          ...{ sequence: String(row.sequence), schema: String(row.schema), full: String(row.full) },
          ...{ refused: !readable, reach: row.reach === true },
        });
      } else {
        this.known.set(id, measured(each, last));
      }
    }
    const ranked = [...this.known].sort(([, a], [, b]) => b.usedRatio - a.usedRatio);
    const firing = ranked.filter(([, { usedRatio }]) => usedRatio >= this.firing).length;
    this.known = new Map(ranked.slice(0, Math.min(KEEP, Math.max(firing, SHOWN))));
    this.lost ||= firing > KEEP || this.unread.size > KEEP;
    this.unread = new Map([...this.unread].slice(0, KEEP));
  }

  /** What is a finding, worst first: it may have been mended. */
  private toSeeAgain(): readonly number[] {
    const firing = [...this.known].filter(([, { usedRatio }]) => usedRatio >= this.firing).map(([id]) => id);
    return [...firing, ...this.unread.keys()].slice(0, AT_ONCE);
  }

  private forget(id: number): void {
    this.known.delete(id);
    this.unread.delete(id);
  }

  private restart(database: number): void {
    [this.database, this.after, this.highest, this.sequences] = [database, 0, 0, 0];
    [this.covered, this.inParts] = [false, false];
    this.known.clear();
    this.unread.clear();
  }
}

function measured({ row }: LookedSequence, last: number | null): KnownSequence {
  const step = Number(row.step);
  const columnMax = row.size === null ? Infinity : 2 ** (Number(row.size) * 8 - 1);
  const bound = step > 0 ? Math.min(Number(row.seqmax), columnMax - 1) : Math.max(Number(row.seqmin), -columnMax);
  const from = Number(row.seqstart);
  const range = Math.abs(bound - from);
  // Never used: nothing of it is used.
  const usedRatio = last === null ? 0 : range === 0 ? 1 : Math.min(1, Math.max(0, (last - from) / (bound - from)));
  return {
    sequence: cellText(row.sequence),
    column: cellText(row.column),
    lastValue: last,
    limit: bound,
    usedRatio: round3(usedRatio),
    left: Math.max(0, Math.floor(Math.abs(bound - (last ?? from)) / Math.abs(step))),
  };
}
