/** What Triage says first, in parts. */
import { capitalise } from '../wording/capitalise';
import { ended } from '../wording/ended';
import type { Finding, Headline, RunbookDiagnosis, Suspect, Triage } from '../model/diagnosis';
import { failedBeyond, type Limit } from './limit';
import type { Fading } from '../model/recovery';
import type { Unread } from '../model/seen';
import { runbookHeadline } from '../ranking/runbookHeadline';
import type { Candidate } from './suspects';

/** How many further findings are named beside the first. */
const NAMED = 2;

export interface Judged {
  readonly state: Triage['state'];
  readonly suspects: readonly Suspect[];
  /** As `suspects`. */
  readonly candidates: readonly Candidate[];
  readonly diagnoses: readonly RunbookDiagnosis[];
  readonly findings: readonly Finding[];
  readonly unread: readonly Unread[];
  readonly signals: { readonly known: number; readonly total: number };
  /** What was not checked, and why, in words. */
  readonly unseen: string | undefined;
  /** What was never connected. */
  readonly limit: Limit | undefined;
  /** The cause that is over after which the trouble of a runbook fades. */
  readonly fading: (diagnosis: RunbookDiagnosis) => Fading | undefined;
  /** What is told of those that the component of a runbook depends on. */
  readonly heard: (diagnosis: RunbookDiagnosis) => string | undefined;
  /** What could not be checked of components that nobody adopted. */
  readonly strangers: string | undefined;
}

export function triageHeadline(judged: Judged): Headline {
  const { state, findings, unread, signals, unseen, limit, strangers, suspects, diagnoses } = judged;
  const checked = `${signals.known} of ${signals.total} checked`;
  // Where it belongs to the sentence itself, it is not said again beside it.
  const aside = state === 'no-known-problem' ? undefined : limit?.says;
  const blind = [aside, unseen, strangers, ...failedBeyond(limit, unread).map(unreadWords)]
    .filter((text) => text !== undefined)
    .join(' ');
  const notChecked = blind === '' ? {} : { notChecked: blind };
  const quiet = (verdict: Headline['verdict'], sentence: string): Headline => ({
    verdict,
    leaders: [],
    sentence,
    ...notChecked,
  });
  switch (state) {
    case 'nothing-wrong':
      return quiet('healthy', `No known problem; ${checked}.`);
    case 'no-known-problem':
      return quiet(
        'no-known-problem',
        `No known problem in what is connected; ${checked}. ${limit?.says ?? ''}`.trim()
      );
    case 'nothing-wrong-found':
      return quiet('nothing-found', `No problem found; ${checked}.`);
    case 'cannot-assess':
      return quiet(
        'cannot-assess',
        diagnoses.length === 0
          ? 'No runbook was evaluated.'
          : `${signals.known === 0 ? 'No data yet' : 'Too little data'}: ${checked}.`
      );
    case 'warning':
    case 'problem':
      break;
  }
  const main = suspects.some(({ explainedBy }) => explainedBy === undefined)
    ? mainHeadline(judged)
    : openHeadline(judged);
  if (main === undefined) {
    return { ...findingHeadline(state, findings), ...notChecked };
  }
  const others = findings.length === 0 ? '' : ` Not explained by this: ${namedFindings(findings)}`;
  return { ...main, sentence: `${main.sentence}${others}`, ...notChecked };
}

/** The first suspect in its own words; "A or B" where its runbook cannot tell it from others that stand here too. */
function mainHeadline({ suspects, candidates, heard: heardOf }: Judged): Headline | undefined {
  const [top] = suspects;
  const main = candidates[0]?.main;
  if (top === undefined || main === undefined) {
    return undefined;
  }
  const { diagnosis } = main;
  // A rival counts only while it is still a suspect of its own here, and no consequence of somebody.
  const rivals = diagnosis.leaders.filter((id) =>
    candidates.some(
      ({ all }, index) =>
        suspects[index]?.explainedBy === undefined &&
        all.some((other) => other.diagnosis === diagnosis && other.ranked.id === id)
    )
  );
  const told = diagnosis.leaders[0] === main.ranked.id && (diagnosis.leaders.length === 1 || rivals.length > 1);
  const own = runbookHeadline(diagnosis);
  const heard = told && rivals.length > 1 ? heardOf(diagnosis) : top.heard;
  // What its runbook could not check says little about the whole.
  const { since, against, next: _next, notChecked: _notChecked, ...rest } = own;
  return {
    ...rest,
    verdict: top.verdict === 'likely' ? 'likely' : 'possible',
    ...(told
      ? { leaders: rivals.map((cause) => ({ pack: diagnosis.pack, runbook: diagnosis.runbook, cause })) }
      : {
          leaders: [{ pack: diagnosis.pack, runbook: diagnosis.runbook, cause: main.ranked.id }],
          sentence: ended(top.verdict === 'likely' ? top.says : `Possibly: ${top.says}`),
        }),
    ...(top.since === undefined ? (since === undefined ? {} : { since }) : { since: top.since }),
    ...(top.against === undefined ? (told && against !== undefined ? { against } : {}) : { against: top.against }),
    ...(top.nextCheck === undefined ? {} : { next: top.nextCheck }),
    ...(heard === undefined ? {} : { heard }),
    open: { pack: top.pack, runbook: top.runbook, cause: top.cause },
  };
}

/** Symptoms are present and nobody is suspected: the first runbook that has something to say, those that fade last. */
function openHeadline({ diagnoses, findings, fading, heard: heardOf }: Judged): Headline | undefined {
  const problems = diagnoses.filter(({ state }) => state === 'problem');
  const standing = problems.find((diagnosis) => diagnosis.recovering !== true && fading(diagnosis) === undefined);
  // What is red now is said before what fades.
  const first = standing ?? (findings.some(({ severity }) => severity === 'critical') ? undefined : problems[0]);
  if (first === undefined) {
    return undefined;
  }
  const times = problems.flatMap(({ since }) => since ?? []);
  const { notChecked: _notChecked, ...own } = runbookHeadline(first);
  const after = first.recovering === true ? undefined : fading(first);
  const since = times.length === 0 ? {} : { since: Math.min(...times) };
  if (after !== undefined) {
    const sentence = `${after.title}: that is over, and what it caused fades from the window. No other cause is named meanwhile.`;
    return {
      verdict: 'recovering',
      leaders: [],
      sentence,
      ...since,
      open: { pack: first.pack, runbook: first.runbook },
    };
  }
  const heard = heardOf(first);
  return {
    ...own,
    ...since,
    ...(heard === undefined ? {} : { heard }),
  };
}

/** Nobody is suspected and no symptom shows, and something is red all the same. */
function findingHeadline(state: 'warning' | 'problem', findings: readonly Finding[]): Headline {
  const [first, ...more] = findings;
  if (first === undefined) {
    return { verdict: state, leaders: [], sentence: 'A symptom is present.' };
  }
  const { runbook } = first;
  const tail =
    runbook === undefined
      ? 'No runbook explains it.'
      : `Its runbook, ${runbook.title}, does not explain it: none of that runbook's symptoms is known to be present.`;
  return {
    verdict: state,
    leaders: [],
    sentence: `${first.says} ${tail}${more.length === 0 ? '' : ` Also: ${namedFindings(more)}`}`,
    ...(first.since === undefined ? {} : { since: first.since }),
    ...(runbook === undefined ? {} : { open: { pack: runbook.pack, runbook: runbook.runbook } }),
  };
}

function namedFindings(findings: readonly Finding[]): string {
  const named = findings.slice(0, NAMED).map(({ says }) => says);
  const more = findings.length - named.length;
  return `${named.join(' ')}${more > 0 ? ` And ${more} more.` : ''}`;
}

function unreadWords({ what, detail, mend }: Unread): string {
  return [`${capitalise(what)} could not be read (${detail.replace(/\.$/, '')}).`, mend].filter(Boolean).join(' ');
}
