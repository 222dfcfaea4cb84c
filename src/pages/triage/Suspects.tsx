import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { framedList } from '../../components/lists';
import { Section } from '../../components/Section';
import { testIds } from '../../components/testIds';
import { useHeld } from '../../components/useHeld';
import { VerdictBadge } from '../../components/VerdictBadge';
import { useSteadyOrder } from '../../evaluation/useSteadyOrder';
import type { Kinds, OutcomeMap } from '@live-runbooks/engine';
import type { Evaluation, Question } from '../../evaluation/evaluation';
import { changesOf } from '../../view/changes';
import type { Headline } from '../../view/headline';
import { suspectRows, type SuspectRow as Row } from '../../view/suspects';
import { changeLines } from '../../words/changes';
import { VERDICTS } from '../../words/verdict';
import { SuspectRow } from './SuspectRow';

interface Props {
  evaluation: Evaluation | undefined;
  question: Question | undefined;
  /** When what is present began, as far as it is known. */
  onsets: OutcomeMap | undefined;
  kinds: Kinds;
  linkTo: (row: Row) => string;
  /** What it says of a suspect is not said again. */
  headline: Headline | undefined;
}

/** All suspects in the order of their evidence, what a stronger one explains below it, and always "none of these". */
export function Suspects({ evaluation, question, onsets, kinds, linkTo, headline }: Props) {
  const styles = useStyles2(getStyles, !evaluation?.progress.whole);
  const { held, hold } = useHeld();
  const { rows, noneOfThese } = suspectRows(evaluation, question?.estate && { estate: question.estate, kinds });
  const shown = useSteadyOrder(rows, (row) => row.key, held);
  return (
    <Section title="Suspects" note={note(evaluation, rows.length)} data-testid={testIds.triage.suspects}>
      <ol className={styles.list} {...hold}>
        {shown.map((row) => (
          <SuspectRow
            key={row.key}
            row={row}
            to={linkTo(row)}
            judgedAt={evaluation?.judgedAt ?? 0}
            said={says(headline?.sentence ?? '', row.suspect.says)}
            changed={evaluation && question ? changed(row, evaluation, question, onsets) : []}
            heard={evaluation?.progress.whole && row.suspect.heard !== headline?.heard ? row.suspect.heard : undefined}
          />
        ))}
        {rows.length === 0 && <li className={styles.empty}>{nobody(evaluation)}</li>}
        {noneOfThese && (
          <li className={styles.none} data-testid={testIds.triage.noneOfThese}>
            <VerdictBadge wording={VERDICTS[noneOfThese]} />
            <span>None of these: a cause that no runbook lists</span>
          </li>
        )}
      </ol>
    </Section>
  );
}

/** What changed around a suspect that nothing explains, in lines. */
function changed(
  { rank, suspect: { pack, runbook } }: Row,
  evaluation: Evaluation,
  question: Question,
  onsets: OutcomeMap | undefined
): string[] {
  const diagnosis = evaluation.diagnoses.find((one) => one.pack === pack && one.runbook === runbook);
  const changes =
    rank === undefined || diagnosis === undefined ? undefined : changesOf(diagnosis, question, evaluation, onsets);
  return changes === undefined ? [] : changeLines(changes);
}

/** A headline may begin a sentence with "Possibly:", and then in lower case. */
function says(headline: string, sentence: string): boolean {
  return headline.toLowerCase().includes(sentence.toLowerCase());
}

function nobody(evaluation: Evaluation | undefined): string {
  if (!evaluation?.progress.whole) {
    return 'No suspect so far; answers are still arriving.';
  }
  if (evaluation.triage.recovering) {
    return 'No cause is named while the fault fades from the measured window.';
  }
  return evaluation.triage.state === 'cannot-assess'
    ? 'Too little could be checked to name a cause.'
    : evaluation.triage.state === 'problem'
      ? 'Something is wrong, and no cause in the runbooks is likely.'
      : 'No cause is suspected.';
}

function note(evaluation: Evaluation | undefined, n: number): string {
  return evaluation && n > 0 ? 'ranked by evidence' : '';
}

const getStyles = (theme: GrafanaTheme2, awaited: boolean) => ({
  list: css({
    ...framedList(theme),
    minHeight: awaited ? theme.spacing(12) : undefined,
  }),
  empty: css({ padding: theme.spacing(1.5, 2), color: theme.colors.text.secondary }),
  none: css({
    display: 'flex',
    gap: theme.spacing(1.5),
    alignItems: 'baseline',
    padding: theme.spacing(1, 2),
    paddingLeft: theme.spacing(5.5),
    color: theme.colors.text.secondary,
  }),
});
