/** The present symptoms of every runbook with a problem, in the order of the runbooks. */
import { addTo } from '../addTo';
import { keyOf } from '../estate/place';
import type { BoundPack } from '../model/bound';
import type { RunbookDiagnosis } from '../model/diagnosis';
import type { Effect } from '../model/effect';

/** A present symptom, by its key `<pack>/<signal>`, and when it began (ms); `Infinity` where that is not known. */
interface PresentSymptom {
  readonly key: string;
  readonly signal: string;
  readonly effect: Effect | undefined;
  /** The key of the place at which the signal shows it. */
  readonly place: string;
  readonly since: number;
}

export class PresentSymptoms {
  private readonly found = new Map<RunbookDiagnosis, { readonly place: number; readonly symptoms: PresentSymptom[] }>();
  private readonly byPlace = new Map<string, RunbookDiagnosis[]>();

  constructor(bounds: readonly BoundPack[], problems: readonly RunbookDiagnosis[]) {
    const packs = new Map(bounds.map(({ pack }) => [pack.id, pack]));
    problems.forEach((diagnosis, place) => {
      const symptoms: PresentSymptom[] = [];
      for (const { signal, state, since = Infinity } of diagnosis.symptoms) {
        if (state === 'present') {
          const pack = packs.get(diagnosis.pack);
          const { effect, at } = pack?.signals[signal] ?? {};
          const isDeclared = pack?.components !== undefined && at !== undefined;
          const where = keyOf({ pack: diagnosis.pack, ...(isDeclared ? { component: at } : {}) });
          symptoms.push({ key: `${diagnosis.pack}/${signal}`, signal, effect, place: where, since });
        }
      }
      this.found.set(diagnosis, { place, symptoms });
      new Set(symptoms.map((symptom) => symptom.place)).forEach((where) => addTo(this.byPlace, where, diagnosis));
    });
  }

  runbooks(): Iterable<RunbookDiagnosis> {
    return this.found.keys();
  }

  /** The runbooks with a problem of which a present symptom shows the trouble of a place, by its key. */
  atPlace(key: string): readonly RunbookDiagnosis[] {
    return this.byPlace.get(key) ?? [];
  }

  at(diagnosis: RunbookDiagnosis): readonly PresentSymptom[] {
    return this.found.get(diagnosis)?.symptoms ?? [];
  }

  /** The place of a runbook among those with a problem. */
  place(diagnosis: RunbookDiagnosis): number {
    return this.found.get(diagnosis)?.place ?? -1;
  }

  /** Keys of all of them. */
  keys(): Set<string> {
    const keys = new Set<string>();
    this.found.forEach(({ symptoms }) => symptoms.forEach(({ key }) => keys.add(key)));
    return keys;
  }
}
