import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { Evaluation } from '../evaluation/evaluation';
import { clock, count } from '../words/amounts';
import { testIds } from './testIds';

interface Props {
  evaluation: Evaluation | undefined;
  signals: { readonly known: number; readonly total: number } | undefined;
  past: boolean;
}

/** How much is known, what it cost, and when: `38 of 41 signals · 6 requests · 0.6 s · at 10:08:12`. */
export function EvaluationFooter({ evaluation, signals, past }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <footer
      className={styles.footer}
      data-testid={testIds.triage.footer}
      data-done={evaluation?.progress.done ?? false}
    >
      {evaluation && signals ? text(evaluation, signals, past) : 'Asking…'}
    </footer>
  );
}

function text(evaluation: Evaluation, signals: { known: number; total: number }, past: boolean): string {
  const { progress, judgedAt } = evaluation;
  const parts = [
    `${signals.known} of ${count(signals.total, 'signal')}`,
    count(progress.requests, 'request'),
    `${(progress.tookMs / 1000).toFixed(1)} s`,
    `${past ? 'as it was at' : 'at'} ${clock(judgedAt, progress.startedAt)}`,
  ];
  if (!progress.whole) {
    parts.push(`${progress.answered} of ${progress.total} queries answered`);
  }
  return parts.join(' · ');
}

const getStyles = (theme: GrafanaTheme2) => ({
  footer: css({
    ...theme.typography.bodySmall,
    color: theme.colors.text.secondary,
    fontVariantNumeric: 'tabular-nums',
    textAlign: 'right',
    minHeight: '1.5em',
  }),
});
