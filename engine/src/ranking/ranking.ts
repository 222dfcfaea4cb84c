/** The causes of a runbook in order. Of most runbooks nobody looks at them, so they are weighed when somebody does. */
import type { CompiledRunbook } from '../compiled/model';
import type { RankedCause, RunbookDiagnosis } from '../model/diagnosis';
import type { Facts } from '../wording/sentence';
import { withoutReasonWords } from '../wording/withoutReason';
import { DescribedCause } from './describedCause';
import { bySureness, explainedAmong, isSuspect, stepBack, type Explained } from './order';
import type { OverArrows, Trouble } from './overArrows';
import { gate, verdictOf, type Entry } from './verdict';
import { weigh, type Look, type Slots } from './weigh';

interface Order {
  /** The surest first; those that something explains behind. */
  readonly ranked: readonly Entry[];
  /** Suspects that another one explains, each with that one. */
  readonly by: ReadonlyMap<Entry, Entry>;
  /** Suspects behind trouble at a dependency for which no cause is likely. */
  readonly behind: ReadonlyMap<Entry, Trouble>;
  /** Both. */
  readonly explained: Explained;
}

/**
 * Of one runbook at one moment. `state`: what the symptoms say, unknown where what they show is over. `arrowsOver`: what the arrows say of
 * the causes; undefined where the pack has none.
 */
export class Ranking {
  private order: Order | undefined;
  private described: readonly DescribedCause[] | undefined;

  constructor(
    private readonly runbook: CompiledRunbook,
    private readonly slots: Slots,
    private readonly look: Look,
    private readonly state: RunbookDiagnosis['state'],
    private readonly facts: Facts,
    private readonly arrowsOver: ((entries: readonly Entry[]) => OverArrows) | undefined
  ) {}

  get ranked(): readonly Entry[] {
    return this.inOrder().ranked;
  }

  get explained(): Explained {
    return this.inOrder().explained;
  }

  /** The trouble at dependencies behind which suspects step back, each once. */
  get troubles(): readonly Trouble[] {
    return [...new Set(this.inOrder().behind.values())];
  }

  /** `ranked` as pages show it. */
  get causes(): readonly DescribedCause[] {
    return (this.described ??= this.ranked.map(
      (entry) => new DescribedCause(entry, this.slots, this.facts, this.look, this.explanationOf(entry))
    ));
  }

  private explanationOf(entry: Entry): RankedCause['explainedBy'] {
    const { by, behind } = this.inOrder();
    const cause = by.get(entry)?.compiled.cause;
    const component = behind.get(entry)?.component;
    return cause === undefined
      ? component && { component: component.id, title: withoutReasonWords(component.title) }
      : { cause: cause.id, title: cause.title };
  }

  private inOrder(): Order {
    return (this.order ??= this.rank());
  }

  private rank(): Order {
    const { runbook, slots, look, state } = this;
    const alone = runbook.causes.map((cause): Entry => {
      const weighed = weigh(cause, slots, runbook.symptoms, look);
      return { compiled: cause, weighed, verdict: gate(verdictOf(weighed, cause.cause.witnesses), state) };
    });
    const arrows = alone.some(isSuspect) ? this.arrowsOver?.(alone) : undefined;
    const behind = new Map<Entry, Trouble>();
    const entries = alone.map((entry): Entry => {
      const trouble = arrows?.troubleBehind(entry);
      if (trouble === undefined) {
        return entry;
      }
      const atBest: Entry = { ...entry, verdict: 'possible' };
      behind.set(atBest, trouble);
      return atBest;
    });
    const sorted = entries.sort(bySureness);
    const by = explainedAmong(sorted, runbook.edges, arrows && ((a, b) => arrows.explains(a, b)));
    const explained: Explained = behind.size === 0 ? by : new Map<Entry, unknown>([...behind, ...by]);
    return { ranked: explained.size === 0 ? sorted : stepBack(sorted, explained), by, behind, explained };
  }
}
