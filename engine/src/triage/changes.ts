/** What changed around the trouble of a runbook, told against its beginning. A change proves nothing by itself. */
import { compiled } from '../compiled/compiled';
import type { Place } from '../estate/place';
import { Surroundings } from '../estate/surroundings';
import type { BoundPack, OutcomeMap } from '../model/bound';
import type { Change, Changes, Interval } from '../model/changes';
import type { RunbookDiagnosis } from '../model/diagnosis';
import type { Estate } from '../model/estate';
import { factsOf } from '../ranking/diagnose';
import { capitalise } from '../wording/capitalise';
import { outcomeWords } from '../wording/facts';
import { compileSentence, renderIfKnown } from '../wording/sentence';
import { leadersAt } from './heard';
import { earliestOf, onsetOf, orderOf } from './onset';

const ORDERS: ReadonlyArray<Change['order']> = ['before', 'unclear', 'after'];

interface Around {
  readonly bounds: readonly BoundPack[];
  readonly outcomes: OutcomeMap;
  readonly estate?: Estate | undefined;
}

/**
 * What changed at the components of a runbook's causes that lead, else at that of the runbook, and at those that these depend on.
 * `asked` holds the outcomes of `onsetBounds`, as far as they are known. Undefined while nothing is wrong, and where nothing could
 * show a change.
 */
export function changesAt(diagnosis: RunbookDiagnosis, around: Around, asked: OutcomeMap): Changes | undefined {
  const { bounds, outcomes, estate } = around;
  const byId = new Map(bounds.map((bound) => [bound.pack.id, bound]));
  const bound = byId.get(diagnosis.pack);
  const surroundings = new Surroundings(bounds, estate);
  const places = bound === undefined || diagnosis.state !== 'problem' ? [] : placesOf(bound, diagnosis, surroundings);
  const signals = places.flatMap((place) => surroundings.changing(place).map((found) => ({ ...found, place })));
  if (bound === undefined || signals.length === 0) {
    return undefined;
  }
  const onset = onsetOfTrouble(bound, diagnosis, asked);
  const changes: Change[] = [];
  const unknown: Array<Changes['unknown'][number]> = [];
  for (const { signal, key, place } of signals) {
    const outcome = outcomes.get(key);
    const where = surroundings.titleOf(place);
    const at = byId.get(place.pack);
    if (outcome?.state === 'present' && at !== undefined) {
      const said = renderIfKnown(compileSentence(signal.change?.says ?? ''), factsOf(at, outcomes));
      const when = onsetOf(at, signal, outcome, asked);
      changes.push({
        ...{ key, where, what: said === undefined ? outcomeWords(signal, outcome) : capitalise(said) },
        ...(when === undefined ? {} : { when }),
        order: orderOf(when, onset),
      });
    } else if (outcome?.state !== 'absent' && outcome?.reason !== 'not-applicable') {
      unknown.push({ what: signal.title, where });
    }
  }
  return {
    ...(onset === undefined ? {} : { onset }),
    changes: changes.sort((a, b) => ORDERS.indexOf(a.order) - ORDERS.indexOf(b.order)),
    unknown,
  };
}

/** Keys of the signals of which it has to be asked when they began: symptoms and changes that are present. None without a change. */
export function onsetKeys(diagnoses: readonly RunbookDiagnosis[], around: Around): string[] {
  const keys = new Set<string>();
  for (const diagnosis of diagnoses) {
    const changed = changesAt(diagnosis, around, new Map())?.changes ?? [];
    changed.forEach(({ key }) => keys.add(key));
    for (const { signal, state } of changed.length === 0 ? [] : diagnosis.symptoms) {
      if (state === 'present') {
        keys.add(`${diagnosis.pack}/${signal}`);
      }
    }
  }
  return [...keys];
}

function onsetOfTrouble(bound: BoundPack, { symptoms }: RunbookDiagnosis, asked: OutcomeMap): Interval | undefined {
  const { signals } = compiled(bound.pack);
  return earliestOf(
    symptoms.flatMap((outcome) => {
      const signal = signals.get(outcome.signal)?.signal;
      return outcome.state === 'present' && signal !== undefined ? [onsetOf(bound, signal, outcome, asked)] : [];
    })
  );
}

/** The components, and those that they depend on, each once. */
function placesOf({ pack }: BoundPack, diagnosis: RunbookDiagnosis, around: Surroundings): Place[] {
  const runbook = compiled(pack).runbooks.get(diagnosis.runbook)?.runbook;
  const own =
    runbook === undefined
      ? []
      : [runbook.of, ...leadersAt(pack, runbook, diagnosis)].map((component): Place => ({ pack: pack.id, component }));
  const all = own.flatMap((place) => [place, ...around.needsOf(place)]);
  const same = (a: Place, b: Place) => a.pack === b.pack && a.component === b.component;
  return all.filter((place, index) => all.findIndex((other) => same(other, place)) === index);
}
