import type { Headline, RunbookDiagnosis } from '../model/diagnosis';

/** What the page of a runbook says first; Triage says the same of it when its leader leads there. */
export function runbookHeadline(diagnosis: RunbookDiagnosis): Headline {
  const { pack, runbook, sentence, against, notChecked, nextCheck } = diagnosis;
  const leader = diagnosis.causes.find(({ id }) => id === diagnosis.leaders[0]);
  const since = leader?.since ?? diagnosis.since;
  return {
    verdict: verdictOf(diagnosis),
    leaders: diagnosis.leaders.map((cause) => ({ pack, runbook, cause })),
    sentence,
    ...(since === undefined || diagnosis.state !== 'problem' ? {} : { since }),
    ...(against === undefined ? {} : { against }),
    ...(notChecked === undefined ? {} : { notChecked }),
    ...(nextCheck === undefined ? {} : { next: nextCheck }),
    ...(diagnosis.state === 'problem'
      ? { open: { pack, runbook, ...(leader === undefined ? {} : { cause: leader.id }) } }
      : {}),
  };
}

function verdictOf({ state, recovering, verdict, coverage }: RunbookDiagnosis): Headline['verdict'] {
  switch (state) {
    case 'healthy':
      // As Triage says it: what failed might have been red, also where only a cause reads it.
      return coverage.failed > 0 ? 'nothing-found' : 'healthy';
    case 'unknown':
      return 'cannot-assess';
    case 'problem':
      // A symptom is present, whatever can be said of the causes: no "unlikely" may stand for the runbook.
      return recovering ? 'recovering' : verdict === 'likely' || verdict === 'possible' ? verdict : 'problem';
  }
}
