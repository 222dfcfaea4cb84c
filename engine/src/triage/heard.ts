/**
 * When silence is told: where the trouble has no reason in sight, or a cause at the component itself leads. Then it counts that
 * what the component depends on was asked and is quiet. Where a cause elsewhere leads, it says nothing.
 */
import { compiled } from '../compiled/compiled';
import { silenceAround } from '../estate/silence';
import type { Place } from '../estate/place';
import { Surroundings } from '../estate/surroundings';
import type { CompiledSignal } from '../compiled/model';
import type { BoundPack, OutcomeMap } from '../model/bound';
import type { RunbookDiagnosis } from '../model/diagnosis';
import type { Estate } from '../model/estate';
import type { Pack, Runbook } from '../model/pack';
import { silenceWords } from '../wording/silenceWords';
import { parseTemplate } from '../wording/template';

/** As a sentence, of the component at which the trouble of a runbook is. Undefined where there is nothing to tell. */
export function heardBeside(
  diagnosis: RunbookDiagnosis,
  bounds: readonly BoundPack[],
  outcomes: OutcomeMap,
  estate?: Estate
): string | undefined {
  return heardAround(diagnosis, outcomes, new Surroundings(bounds, estate));
}

/** The same, where what is around is known. */
export function heardAround(
  diagnosis: RunbookDiagnosis,
  outcomes: OutcomeMap,
  around: Surroundings
): string | undefined {
  const pack = around.packOf(diagnosis.pack);
  const runbook = pack && compiled(pack).runbooks.get(diagnosis.runbook)?.runbook;
  if (pack === undefined || runbook === undefined || diagnosis.state !== 'problem' || diagnosis.recovering === true) {
    return undefined;
  }
  const places = leadersAt(pack, runbook, diagnosis);
  return places.length > 1 ? undefined : heardAt(around, { pack: pack.id, component: places[0] }, outcomes);
}

/** The same of a component. */
export function heardAt(around: Surroundings, place: Place, outcomes: OutcomeMap): string | undefined {
  const silence = silenceAround(around, place, outcomes);
  return silence && silenceWords(silence);
}

/** A change, and what its sentence speaks of. */
function changeReads({ signal, key }: CompiledSignal): string[] {
  const pack = key.slice(0, -signal.id.length);
  const named = parseTemplate(signal.change?.says ?? '').flatMap((part) =>
    typeof part === 'string' ? [] : [part.name]
  );
  return [key, ...named.map((name) => pack + name)];
}

/** The components at which those causes are that lead, each once; that of the runbook, where none does. */
export function leadersAt(pack: Pack, runbook: Runbook, { leaders }: RunbookDiagnosis): Array<string | undefined> {
  if (pack.components === undefined) {
    return [undefined];
  }
  const at = leaders.map((id) => runbook.causes.find((cause) => cause.id === id)?.at ?? runbook.of);
  return at.length === 0 ? [runbook.of] : [...new Set(at)];
}

/**
 * Keys of the signals that show the trouble of what the component of a runbook and those of its causes depend on, and what changed at
 * all of them: what a page of the runbook alone has to ask besides.
 */
export function askedBeside(pack: Pack, runbookId: string, bounds: readonly BoundPack[], estate?: Estate): string[] {
  const runbook = compiled(pack).runbooks.get(runbookId)?.runbook;
  const around = new Surroundings(bounds, estate);
  const places =
    pack.components === undefined ? [undefined] : [runbook?.of, ...(runbook?.causes ?? []).map(({ at }) => at)];
  const own = [...new Set(places)].map((component): Place => ({ pack: pack.id, component }));
  const needs = own.flatMap((place) => around.needsOf(place));
  return [
    ...new Set([
      ...needs.flatMap((need) => around.showing(need).map(({ key }) => key)),
      ...[...own, ...needs].flatMap((place) => around.changing(place).flatMap(changeReads)),
    ]),
  ];
}
