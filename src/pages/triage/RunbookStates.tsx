import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { RunbookDiagnosis } from '@live-runbooks/engine';
import { PageLink } from '../../components/PageLink';
import { Section } from '../../components/Section';
import { testIds } from '../../components/testIds';
import { VerdictBadge } from '../../components/VerdictBadge';
import type { Evaluation } from '../../evaluation/evaluation';
import { runbookWording } from '../../view/headline';
import { CHECKING } from '../../words/verdict';

interface Props {
  evaluation: Evaluation | undefined;
  /** `<pack>/<runbook>` and title of all runbooks, so that the list has its size before the first answer. */
  runbooks: ReadonlyArray<{
    readonly pack: string;
    readonly packTitle: string;
    readonly id: string;
    readonly title: string;
  }>;
  linkTo: (pack: string, runbook: string) => string;
}

/** Every runbook that was evaluated, and how it stands: what was checked when nothing was found. */
export function RunbookStates({ evaluation, runbooks, linkTo }: Props) {
  const styles = useStyles2(getStyles);
  const byId = new Map(evaluation?.diagnoses.map((d) => [`${d.pack}/${d.runbook}`, d]));
  return (
    <Section
      title="Runbooks evaluated"
      note={evaluation?.progress.whole ? summary(runbooks.flatMap((r) => byId.get(`${r.pack}/${r.id}`) ?? [])) : ''}
      data-testid={testIds.triage.runbooks}
    >
      <ul className={styles.list}>
        {runbooks.map((r) => {
          const diagnosis = byId.get(`${r.pack}/${r.id}`);
          return (
            <li
              key={r.pack + r.id}
              className={styles.row}
              data-runbook={`${r.pack}/${r.id}`}
              data-state={diagnosis?.state}
              data-recovering={diagnosis?.recovering}
            >
              <VerdictBadge wording={wordingOf(diagnosis, evaluation?.progress.whole ?? false)} />
              <PageLink to={linkTo(r.pack, r.id)}>{r.title}</PageLink>
              <span className={styles.weak} title={facts(r.packTitle, diagnosis)}>
                {facts(r.packTitle, diagnosis)}
              </span>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function facts(pack: string, diagnosis: RunbookDiagnosis | undefined): string {
  return diagnosis ? `${pack} · ${diagnosis.coverage.known} of ${diagnosis.coverage.total} signals` : pack;
}

/** Until the last answer is in, a runbook without symptoms is neither healthy nor unknown. */
function wordingOf(diagnosis: RunbookDiagnosis | undefined, done: boolean) {
  if (!diagnosis || (diagnosis.state === 'unknown' && !done)) {
    return CHECKING;
  }
  return runbookWording(diagnosis);
}

function summary(shown: readonly RunbookDiagnosis[]): string {
  const n = (is: (d: RunbookDiagnosis) => boolean) => shown.filter(is).length;
  const recovering = n((d) => d.recovering === true);
  return [
    `${n((d) => d.state === 'problem' && !d.recovering)} with a problem`,
    recovering > 0 && `${recovering} recovering`,
    `${n((d) => d.state === 'healthy')} without a symptom`,
    `${n((d) => d.state === 'unknown')} not assessed`,
  ]
    .filter(Boolean)
    .join(' · ');
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({
    listStyle: 'none',
    margin: 0,
    padding: 0,
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(420px, 100%), 1fr))',
    gap: theme.spacing(0.5, 3),
  }),
  row: css({
    display: 'grid',
    gridTemplateColumns: `${theme.spacing(17)} minmax(0, max-content) minmax(0, 1fr)`,
    gap: theme.spacing(1),
    alignItems: 'baseline',
  }),
  weak: css({
    ...theme.typography.bodySmall,
    color: theme.colors.text.secondary,
    whiteSpace: 'nowrap',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
  }),
});
