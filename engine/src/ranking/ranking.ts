/** The causes of a runbook in order. Of most runbooks nobody looks at them, so they are weighed when somebody does. */
import type { CompiledRunbook } from '../compiled/model';
import type { RunbookDiagnosis } from '../model/diagnosis';
import type { Facts } from '../wording/sentence';
import { DescribedCause } from './describedCause';
import { bySureness, explainedAmong, stepBack } from './order';
import { gate, verdictOf, type Entry } from './verdict';
import { weigh, type Look, type Slots } from './weigh';

interface Order {
  /** The surest first; those that another one explains behind. */
  readonly ranked: readonly Entry[];
  readonly explained: ReadonlySet<Entry>;
}

/** Of one runbook at one moment. `state`: what the symptoms say, unknown where what they show is over. */
export class Ranking {
  private order: Order | undefined;
  private described: readonly DescribedCause[] | undefined;

  constructor(
    private readonly runbook: CompiledRunbook,
    private readonly slots: Slots,
    private readonly look: Look,
    private readonly state: RunbookDiagnosis['state'],
    private readonly facts: Facts
  ) {}

  get ranked(): readonly Entry[] {
    return this.inOrder().ranked;
  }

  get explained(): ReadonlySet<Entry> {
    return this.inOrder().explained;
  }

  /** `ranked` as pages show it. */
  get causes(): readonly DescribedCause[] {
    return (this.described ??= this.ranked.map(
      (entry) => new DescribedCause(entry, this.slots, this.facts, this.look)
    ));
  }

  private inOrder(): Order {
    return (this.order ??= this.rank());
  }

  private rank(): Order {
    const { runbook, slots, look, state } = this;
    const entries = runbook.causes.map((cause): Entry => {
      const weighed = weigh(cause, slots, runbook.symptoms, look);
      return { compiled: cause, weighed, verdict: gate(verdictOf(weighed, cause.cause.witnesses), state) };
    });
    const sorted = entries.sort(bySureness);
    const explained = explainedAmong(sorted, runbook.edges);
    return { ranked: explained.size === 0 ? sorted : stepBack(sorted, explained), explained };
  }
}
