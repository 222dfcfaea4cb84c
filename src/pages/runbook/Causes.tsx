import React from 'react';
import { css } from '@emotion/css';
import { useLocation } from 'react-router-dom';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { BoundPack, Runbook, RunbookDiagnosis } from '@live-runbooks/engine';
import { Section } from '../../components/Section';
import { testIds } from '../../components/testIds';
import { useHeld } from '../../components/useHeld';
import { VerdictBadge } from '../../components/VerdictBadge';
import type { Evaluation, Question } from '../../evaluation/evaluation';
import type { Recovered } from '../../evaluation/useRecovered';
import { useSteadyOrder } from '../../evaluation/useSteadyOrder';
import { causeViews } from '../../view/ranked';
import { wasTrueOf } from '../../view/wasTrue';
import { VERDICTS } from '../../words/verdict';
import { CauseCard } from './CauseCard';

interface Props {
  bound: BoundPack;
  runbook: Runbook;
  question: Question;
  evaluation: Evaluation | undefined;
  diagnosis: RunbookDiagnosis | undefined;
  recovered: Recovered | undefined;
}

/** All causes in rank order; what is ruled out stays visible, with the reason. */
export function Causes({ bound, runbook, question, evaluation, diagnosis, recovered }: Props) {
  const styles = useStyles2(getStyles);
  const chosen = decodeURIComponent(useLocation().hash.slice(1));
  const { held, hold } = useHeld();
  const views = causeViews(runbook, diagnosis);
  const told = (view: (typeof views.open)[number]) => wasTrueOf(recovered, bound.pack.id, runbook.id, view.cause.id);
  // What was true until a moment ago was never ruled out.
  const open = [...views.open, ...views.refuted.filter(told)];
  const refuted = views.refuted.filter((view) => !told(view));
  const shown = useSteadyOrder(open, (v) => v.cause.id, held);
  const card = (view: (typeof open)[number]) => (
    <CauseCard
      key={view.cause.id}
      view={view}
      wasTrue={told(view)}
      said={diagnosis?.leaders.length === 1 && diagnosis.leaders[0] === view.cause.id}
      chosen={view.cause.id === chosen}
      bound={bound}
      runbook={runbook}
      question={question}
      evaluation={evaluation}
    />
  );
  return (
    <div className={styles.column} {...hold}>
      <Section title="Causes" note="ranked by evidence">
        <div className={styles.cards}>
          {shown.map(card)}
          {diagnosis && (
            <div className={styles.none} data-testid={testIds.triage.noneOfThese}>
              <VerdictBadge wording={VERDICTS[diagnosis.noneOfThese.verdict]} />
              <span>
                None of these: a cause that this runbook does not list.
                {runbook.escalate && ` Escalate: ${runbook.escalate}`}
              </span>
            </div>
          )}
        </div>
      </Section>
      {refuted.length > 0 && (
        <Section title="Ruled out" note="and why" data-testid={testIds.runbook.refuted}>
          <div className={styles.cards}>{refuted.map(card)}</div>
        </Section>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  column: css({ display: 'grid', gap: theme.spacing(2.5), alignContent: 'start', minWidth: 0 }),
  cards: css({ display: 'grid', gap: theme.spacing(1) }),
  none: css({
    display: 'flex',
    gap: theme.spacing(1),
    alignItems: 'baseline',
    // under the badges of the cards, which have a border and an arrow before them
    padding: theme.spacing(0.5, 2, 0.5, 4.625),
    color: theme.colors.text.secondary,
  }),
});
