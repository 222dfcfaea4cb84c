import React, { type ReactNode } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { EvaluationFooter } from '../components/EvaluationFooter';
import { PastNotice } from '../components/PastNotice';
import { SourceStrip } from '../components/SourceStrip';
import { SourceTrouble } from '../components/SourceTrouble';
import { Toolbar } from '../components/Toolbar/Toolbar';
import { useLiveRunbooks } from '../context/LiveRunbooks';
import type { Evaluation, Question } from '../evaluation/evaluation';
import type { PageState } from '../evaluation/usePage';
import type { PageUrl } from '../url/pageUrl';
import { pastKnown } from '../view/pastKnown';
import { sourceStates } from '../view/sourceStates';

interface Props {
  readonly url: PageUrl;
  readonly change: (changes: Partial<PageUrl>) => void;
  readonly state: Pick<PageState, 'health' | 'refreshSeconds' | 'refresh'>;
  readonly question: Question | undefined;
  readonly evaluation: Evaluation | undefined;
  /** How many signals are known, of how many. */
  readonly signals: { readonly known: number; readonly total: number } | undefined;
  /** What the toolbar shows beside the time. */
  readonly toolbar: ReactNode;
  readonly verdict: ReactNode;
  /** What was true, below the verdict. */
  readonly recovered: ReactNode;
  /** Trouble that this page alone tells, below that of the sources. */
  readonly notices?: ReactNode;
  /** The wide column. */
  readonly children: ReactNode;
  /** The narrow column, above and below the states of the sources. */
  readonly before?: ReactNode;
  readonly after?: ReactNode;
  /** Before the line that says what was asked. */
  readonly foot?: ReactNode;
  readonly testId: string;
  /** Of the page of a runbook: `pack/runbook`. */
  readonly runbook?: string;
}

/** What Triage and Runbook look like alike: toolbar, notice of the past, verdict, trouble, two columns, what was asked. */
export function PageShell(props: Props) {
  const { url, change, state, question, evaluation, signals } = props;
  const styles = useStyles2(getStyles);
  const { clock, mayConfigure } = useLiveRunbooks();
  const past = url.at !== undefined;
  return (
    <div className={styles.page} data-testid={props.testId} data-runbook={props.runbook}>
      <Toolbar
        url={url}
        onChange={change}
        clock={clock}
        refreshSeconds={state.refreshSeconds}
        loading={!evaluation?.progress.done}
        onRefresh={state.refresh}
      >
        {props.toolbar}
      </Toolbar>
      {past && (
        <PastNotice
          at={evaluation?.judgedAt ?? clock()}
          now={clock()}
          known={question && pastKnown(question, evaluation)}
          onNow={() => change({ at: undefined })}
        />
      )}
      {props.verdict}
      {props.recovered}
      <SourceTrouble health={state.health} mayConfigure={mayConfigure} onRetry={state.refresh} />
      {props.notices}
      <div className={styles.columns}>
        <div className={styles.column}>{props.children}</div>
        <div className={styles.column}>
          {props.before}
          <SourceStrip states={state.health && question && sourceStates(state.health, question, evaluation)} />
          {props.after}
        </div>
      </div>
      {props.foot}
      <EvaluationFooter evaluation={evaluation} signals={signals} past={past} />
    </div>
  );
}

/** The narrow column goes below where there is little room. */
const getStyles = (theme: GrafanaTheme2) => ({
  page: css({
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: theme.spacing(2),
    maxWidth: 1440,
    containerType: 'inline-size',
  }),
  columns: css({
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) minmax(260px, 340px)',
    gap: theme.spacing(3),
    // The page is as wide as Grafana's menu leaves it, whatever the window is.
    '@container (max-width: 900px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  }),
  column: css({ display: 'grid', gap: theme.spacing(2.5), alignContent: 'start', minWidth: 0 }),
});
