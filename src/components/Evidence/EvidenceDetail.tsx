import React, { lazy, Suspense } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import { comparedNumber, type BoundPack, type Outcome, type Signal } from '@live-runbooks/engine';
import type { Evaluation, Question } from '../../evaluation/evaluation';
import { useLiveRunbooks } from '../../context/LiveRunbooks';
import { queryOf } from '../../view/signals';
import { clock } from '../../words/amounts';
import { REASONS } from '../../words/reasons';
import { Boundary } from '../Boundary/Boundary';
import { Banner } from '../Banner';
import { MendText } from '../MendText';
import { testIds } from '../testIds';
import { RowsTable } from './RowsTable';

// Scenes weighs more than the rest of the plugin: it is fetched when the first plot is opened.
const Plot = lazy(async () => {
  const { translated } = await import('../../plots/translations');
  await translated();
  const { Plot: loaded } = await import('../../plots/Plot');
  return { default: loaded };
});

interface Props {
  signal: Signal;
  outcome: Outcome;
  bound: BoundPack;
  question: Question;
  evaluation: Evaluation;
}

/** Where a piece of evidence comes from: the query with its plot, or the rows of a check; for an unknown, how to mend it. */
export function EvidenceDetail({ signal, outcome, bound, question, evaluation }: Props) {
  const styles = useStyles2(getStyles);
  const { settings } = useLiveRunbooks();
  const query = queryOf(question.plan, bound.pack.id, signal.id);
  const uid =
    query?.source === 'prometheus' ? settings.prometheusUid : query?.source === 'loki' ? settings.lokiUid : undefined;
  return (
    <div className={styles.detail} data-testid={testIds.runbook.evidenceDetail}>
      <div className={styles.meta}>
        {[
          signal.title,
          outcome.since !== undefined && `since ${clock(outcome.since, evaluation.judgedAt)}`,
          outcome.askedAt > 0 && `asked at ${clock(outcome.askedAt, evaluation.judgedAt)}`,
          outcome.tookMs > 0 && `took ${Math.round(outcome.tookMs)} ms`,
        ]
          .filter(Boolean)
          .join(' · ')}
      </div>
      {outcome.state === 'unknown' && (
        <div>
          <strong>{REASONS[outcome.reason ?? 'query-error'].title}.</strong>{' '}
          {outcome.mend && <MendText text={outcome.mend} />}
          {outcome.detail && <div className={styles.code}>{outcome.detail}</div>}
        </div>
      )}
      {query?.expr && <code className={styles.code}>{query.expr}</code>}
      {query && !query.expr && query.check && (
        <div className={styles.meta}>
          Check {query.check} of {query.target}, by the diagnostics service
        </div>
      )}
      {signal.query.source === 'manual' && <div>{signal.query.ask}</div>}
      {query?.expr && uid && (
        <Boundary
          resetKey={query.expr}
          fallback={(error, retry) => (
            <Banner title="The plot could not be drawn" onRetry={retry}>
              {error.message}
            </Banner>
          )}
        >
          <div className={styles.plot} data-testid={testIds.runbook.plot}>
            <Suspense fallback={<LoadingPlaceholder text="Loading the plot" />}>
              <Plot
                kind={query.source === 'loki' ? 'loki' : 'prometheus'}
                uid={uid}
                expr={query.expr}
                title={signal.title}
                unit={signal.unit}
                threshold={comparedNumber(signal.test)}
                above={!('below' in signal.test)}
                at={question.at}
              />
            </Suspense>
          </div>
        </Boundary>
      )}
      {outcome.rows.length > 0 && <RowsTable rows={outcome.rows} caption={signal.title} />}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  detail: css({
    display: 'grid',
    gap: theme.spacing(1),
    margin: theme.spacing(0.25, 0, 1, 2.5),
    padding: theme.spacing(1, 1.5),
    borderLeft: `2px solid ${theme.colors.border.medium}`,
    minWidth: 0,
    overflowWrap: 'anywhere',
  }),
  meta: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  code: css({
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: theme.typography.bodySmall.fontSize,
    background: 'none',
    border: 'none',
    padding: 0,
    color: theme.colors.text.secondary,
    whiteSpace: 'pre-wrap',
    lineHeight: 1.5,
  }),
  plot: css({ height: 240 }),
});
