import type { RunbookDiagnosis } from '../model/diagnosis';
import type { Ranking } from './ranking';
import { noneOfThese, type Entry } from './verdict';

type Found = Omit<RunbookDiagnosis, 'causes' | 'noneOfThese' | 'notChecked'> & {
  readonly sayNotChecked: () => string | undefined;
};

/**
 * A diagnosis whose causes are put in order, and whose blind spots are put into words, when somebody looks. A class, because accessors of one object's own take longer than
 * everything else of a runbook without a problem; `toJSON` has everything.
 */
export class LazyDiagnosis implements RunbookDiagnosis {
  readonly runbook: string;
  readonly pack: string;
  readonly title: string;
  readonly state: RunbookDiagnosis['state'];
  readonly recovering: true | undefined;
  readonly leaders: readonly string[];
  readonly nextCheck: RunbookDiagnosis['nextCheck'];
  readonly verdict: RunbookDiagnosis['verdict'];
  readonly sentence: string;
  readonly against: string | undefined;
  readonly coverage: RunbookDiagnosis['coverage'];
  readonly symptoms: RunbookDiagnosis['symptoms'];
  readonly since: number | undefined;
  readonly #sayNotChecked: () => string | undefined;
  readonly #ranking: Ranking;
  readonly #leaders: readonly Entry[];

  constructor(found: Found, ranking: Ranking, leaders: readonly Entry[]) {
    this.runbook = found.runbook;
    this.pack = found.pack;
    this.title = found.title;
    this.state = found.state;
    this.recovering = found.recovering;
    this.leaders = found.leaders;
    this.nextCheck = found.nextCheck;
    this.verdict = found.verdict;
    this.sentence = found.sentence;
    this.against = found.against;
    this.coverage = found.coverage;
    this.symptoms = found.symptoms;
    this.since = found.since;
    this.#sayNotChecked = found.sayNotChecked;
    this.#ranking = ranking;
    this.#leaders = leaders;
  }

  get causes(): RunbookDiagnosis['causes'] {
    return this.#ranking.causes;
  }

  get noneOfThese(): RunbookDiagnosis['noneOfThese'] {
    return noneOfThese(this.#ranking.ranked, this.#leaders, this.state, this.verdict);
  }

  get notChecked(): string | undefined {
    return this.#sayNotChecked();
  }

  toJSON(): RunbookDiagnosis {
    const { causes, noneOfThese: none, notChecked } = this;
    return { ...this, causes, noneOfThese: none, notChecked };
  }
}
