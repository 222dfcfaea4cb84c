import { capitalise } from '../wording/capitalise';
import type { CompiledCause, CompiledEvidence } from '../compiled/model';
import { outcomeWords } from '../wording/facts';
import type { Contribution, RankedCause } from '../model/diagnosis';
import type { Outcome } from '../model/outcome';
import type { Verdict } from '../model/pack';
import { renderIfKnown, type Facts, type Sentence } from '../wording/sentence';
import { extremes, weightOf, type Look, type Slots } from './weigh';
import { meantFacts } from './meantFacts';
import { isSuspect } from './order';
import { round } from './round';
import type { Entry } from './verdict';

/**
 * A cause as the page shows it. Most are never opened: they and their evidence are put into words when somebody looks. A class,
 * because accessors on its prototype cost nothing for the hundreds that nobody opens; `toJSON` has everything.
 */
export class DescribedCause implements RankedCause {
  readonly id: string;
  readonly title: string;
  readonly verdict: Verdict;
  readonly score: number;
  readonly prior: number;
  readonly since: number | undefined;
  readonly onset: number | undefined;
  readonly decisive: true | undefined;
  readonly byChange: true | undefined;
  readonly ownProof: number | undefined;
  readonly #entry: Entry;
  readonly #slots: Slots;
  readonly #facts: Facts;
  readonly #look: Look;
  #says: string | undefined = undefined;
  #contributions: Contributions | undefined = undefined;

  constructor(
    entry: Entry,
    slots: Slots,
    facts: Facts,
    look: Look,
    readonly explainedBy: RankedCause['explainedBy']
  ) {
    const { compiled: found, weighed, verdict } = entry;
    this.id = found.cause.id;
    this.title = found.cause.title;
    this.verdict = verdict;
    this.score = round(weighed.score);
    this.prior = weighed.prior;
    this.since = weighed.since;
    this.onset = weighed.onset;
    this.decisive = weighed.decisiveFor ? true : undefined;
    this.byChange = weighed.byChange ? true : undefined;
    this.ownProof = weighed.ownProof > 0 ? weighed.ownProof : undefined;
    this.#entry = entry;
    this.#slots = slots;
    this.#facts = facts;
    this.#look = look;
  }

  get interval(): readonly [number, number] {
    const { worst, best } = this.#entry.weighed;
    return [round(worst), round(best)];
  }

  get says(): string {
    return (this.#says ??= saysOf(this.#entry, this.#slots, this.#facts));
  }

  get supports(): readonly Contribution[] {
    return this.#opened().supports;
  }

  get contradicts(): readonly Contribution[] {
    return this.#opened().contradicts;
  }

  get unknown(): readonly Contribution[] {
    return this.#opened().unknown;
  }

  get against(): string | undefined {
    const { compiled: found } = this.#entry;
    const strongest = strongestAgainst(found, this.#slots, this.#look);
    const outcome = strongest && this.#slots[strongest.slot];
    return strongest && outcome && contributionWords(strongest, outcome, meantFacts(found, this.#slots, this.#facts));
  }

  toJSON(): RankedCause {
    const { interval, says, supports, contradicts, unknown, against } = this;
    return { ...this, interval, says, supports, contradicts, unknown, against };
  }

  #opened(): Contributions {
    return (this.#contributions ??= contributionsOf(
      this.#entry,
      this.#slots,
      meantFacts(this.#entry.compiled, this.#slots, this.#facts),
      this.#look
    ));
  }
}

/** What a suspect says, with its facts; a cause that is none, or a fact of which is not known, goes by its title. */
function saysOf(entry: Entry, slots: Slots, facts: Facts): string {
  const { compiled: found } = entry;
  const said = isSuspect(entry) ? renderIfKnown(found.says, meantFacts(found, slots, facts)) : undefined;
  return said === undefined ? found.title : begin(found.says, said);
}

/** The first of `contradicts`, without putting all of the evidence into words. */
function strongestAgainst({ evidence }: CompiledCause, slots: Slots, look: Look): CompiledEvidence | undefined {
  let strongest: CompiledEvidence | undefined;
  let least = 0;
  for (const item of evidence) {
    const outcome = slots[item.slot];
    const weight = outcome === undefined ? 0 : weightOf(item, outcome, slots, look);
    const sooner = strongest !== undefined && item.evidence.signal < strongest.evidence.signal;
    if (weight < least || (weight === least && weight < 0 && sooner)) {
      strongest = item;
      least = weight;
    }
  }
  return strongest;
}

type Contributions = Pick<RankedCause, 'supports' | 'contradicts' | 'unknown'>;

function contributionsOf({ compiled: { evidence } }: Entry, slots: Slots, facts: Facts, look: Look): Contributions {
  const supports: Contribution[] = [];
  const contradicts: Contribution[] = [];
  const unknown: Contribution[] = [];
  for (const item of evidence) {
    const outcome = slots[item.slot];
    if (outcome === undefined) {
      continue;
    }
    const weight = weightOf(item, outcome, slots, look);
    const [worst, best] = outcome.state === 'unknown' ? extremes(item, outcome) : [weight, weight];
    const contribution: Contribution = {
      signal: item.evidence.signal,
      outcome,
      ...(item.evidence.group === undefined ? {} : { group: item.evidence.group }),
      weight,
      best,
      worst,
      says: contributionWords(item, outcome, facts),
    };
    if (outcome.state === 'unknown') {
      unknown.push(contribution);
    } else if (weight > 0) {
      supports.push(contribution);
    } else if (weight < 0) {
      contradicts.push(contribution);
    }
  }
  supports.sort((a, b) => b.weight - a.weight || (a.signal < b.signal ? -1 : 1));
  contradicts.sort((a, b) => a.weight - b.weight || (a.signal < b.signal ? -1 : 1));
  unknown.sort((a, b) => b.best - b.worst - (a.best - a.worst) || (a.signal < b.signal ? -1 : 1));
  return { supports, contradicts, unknown };
}

function contributionWords(item: CompiledEvidence, outcome: Outcome, facts: Facts): string {
  const said = outcome.state === 'present' && item.says !== undefined ? renderIfKnown(item.says, facts) : undefined;
  return said === undefined || item.says === undefined
    ? outcomeWords(item.signal.signal, outcome)
    : begin(item.says, said);
}

/** A sentence begins with a capital, unless it begins with a name: names keep their case. */
function begin({ clauses }: Sentence, said: string): string {
  return typeof clauses[0]?.parts[0] === 'string' ? capitalise(said) : said;
}
