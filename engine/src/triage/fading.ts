/**
 * What is over still explains what fades. The window of a symptom goes on showing what a cause made of it after the cause has ended,
 * and another cause would be accused of it meanwhile. What the cause explained just before the recovery it explains as long as the
 * windows reach back to its end, also at other components; a symptom that was not there then is something new.
 */
import type { RunbookDiagnosis, Triage } from '../model/diagnosis';
import type { Plan } from '../model/plan';
import type { Fading, Recovery } from '../model/recovery';
import { rangesOf } from '../wording/duration';
import { wasTrue } from './recovered';

interface Look {
  readonly diagnoses: readonly RunbookDiagnosis[];
  readonly triage: Triage;
}

/** The causes that are over, each with the runbooks whose trouble of now (ms) fades after it. */
export function fadingAfter(recovery: Recovery, then: Look, now: Look, plan: Plan, at: number): Fading[] {
  const windows = windowsOf(plan);
  return wasTrue(recovery, then, now).flatMap((was): Fading[] => {
    const suspect = then.triage.suspects.find(
      ({ pack, runbook, cause }) => pack === was.pack && runbook === was.runbook && cause === was.cause
    );
    const ended = was.to ?? was.seen;
    const explained = new Set(
      [was, ...was.alsoIn, ...(suspect?.explains ?? [])].map(({ pack, runbook }) => `${pack}/${runbook}`)
    );
    const runbooks = now.diagnoses.flatMap((diagnosis) => {
      const key = `${diagnosis.pack}/${diagnosis.runbook}`;
      const before = then.diagnoses.find((one) => `${one.pack}/${one.runbook}` === key);
      return explained.has(key) && isLeftOver(diagnosis, before, windows, at - ended) ? [key] : [];
    });
    return runbooks.length === 0
      ? []
      : [{ pack: was.pack, runbook: was.runbook, cause: was.cause, title: was.title, runbooks: new Set(runbooks) }];
  });
}

/** Every present symptom was present then, and its window reaches back to the end of what was wrong. */
function isLeftOver(
  { pack, state, symptoms }: RunbookDiagnosis,
  before: RunbookDiagnosis | undefined,
  windows: ReadonlyMap<string, number>,
  ago: number
): boolean {
  const shown = new Set(before?.symptoms.flatMap((symptom) => (symptom.state === 'present' ? [symptom.signal] : [])));
  return (
    state === 'problem' &&
    symptoms.every(
      (symptom) =>
        symptom.state !== 'present' ||
        (shown.has(symptom.signal) && ago <= (windows.get(`${pack}/${symptom.signal}`) ?? 0))
    )
  );
}

/** By signal: how far its query looks back, ms. What is asked about this moment has no window: it does not fade. */
function windowsOf({ queries }: Plan): ReadonlyMap<string, number> {
  return new Map(
    queries.flatMap(({ expr, signals }) => {
      const window = Math.max(0, ...rangesOf(expr).map(({ ms }) => ms));
      return signals.map((key) => [key, window] as const);
    })
  );
}
