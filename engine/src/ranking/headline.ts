/** A diagnosis in one sentence. The verdict's word stands beside it and is not repeated; only a doubt is ("Possibly: …"). */
import type { CompiledRunbook } from '../compiled/model';
import { capitalise } from '../wording/capitalise';
import { ended } from '../wording/ended';
import { listed } from '../wording/listed';
import { withoutReasonWords } from '../wording/withoutReason';
import type { NextCheck, RankedCause, RunbookDiagnosis } from '../model/diagnosis';
import type { Outcome } from '../model/outcome';
import type { Slots } from './weigh';
import type { Trouble } from './overArrows';
import { wrongWords } from './symptoms';
import type { Entry } from './verdict';

/** What is wrong and why, or why nobody can say, in one sentence. */
export function sentenceOf(
  runbook: CompiledRunbook,
  slots: Slots,
  symptoms: readonly Outcome[],
  state: RunbookDiagnosis['state'],
  ranking: { readonly causes: readonly RankedCause[]; readonly troubles: readonly Trouble[] },
  leaders: readonly Entry[],
  next: NextCheck | undefined
): string {
  const count = symptoms.length;
  if (state === 'healthy') {
    const checked = symptoms.filter((outcome) => outcome.state !== 'unknown').length;
    return checked === 1
      ? 'Its symptom was checked and is absent.'
      : `All ${checked} symptoms were checked and are absent.`;
  }
  if (state === 'unknown') {
    const unseen = symptoms.filter((outcome) => outcome.state === 'unknown').length;
    return unseen === count
      ? `None of its ${count === 1 ? 'symptoms' : `${count} symptoms`} could be checked.`
      : `${unseen} of its ${count} symptoms could not be checked; the others are absent.`;
  }
  const lead = leaders
    .map((entry) => ranking.causes.find(({ id }) => id === entry.compiled.cause.id))
    .filter((cause) => cause !== undefined);
  const [first, ...rivals] = lead;
  if (first === undefined) {
    const wrong = wrongWords(runbook, slots);
    const troubles = ranking.troubles.map(
      ({ component, words }) => `${capitalise(withoutReasonWords(component.title))}: ${words()}.`
    );
    if (troubles.length > 0) {
      return `${wrong}. ${troubles.join(' ')} What else is possible may come from there.`;
    }
    const unseen = slots.filter((outcome) => outcome.state === 'unknown' && outcome.reason !== 'not-applicable').length;
    return unseen > 0
      ? `${wrong}. No cause can be named: ${unseen} of ${slots.length} signals could not be checked.`
      : `${wrong}. None of the listed causes fits.`;
  }
  if (rivals.length > 0) {
    const titles = [first, ...rivals.slice(0, 2)].map(({ title }) => title);
    const alternatives = listed([...titles.slice(0, -1), ...titles.slice(-1).map(lowerFirst)], 'or');
    return next === undefined
      ? ended(`${alternatives}; what was checked does not tell them apart`)
      : ended(`${alternatives}; "${next.title}" decides`);
  }
  return ended(first.verdict === 'likely' ? first.says : `Possibly: ${lowerFirst(first.says)}`);
}

/** Names stay as they are: only a plain capitalised word loses its capital (not `Redis`, not `DDL`). */
function lowerFirst(text: string): string {
  return /^(?:A|An|The|No|Too|One|Some|Several|Many|Session|Sessions|Connections?|Workers?|Queries|Every|Something)\b/.test(
    text
  )
    ? text.charAt(0).toLowerCase() + text.slice(1)
    : text;
}
