import React, { useState } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2, IconName } from '@grafana/data';
import { Icon, useStyles2, useTheme2 } from '@grafana/ui';
import type { BoundPack, Contribution } from '@live-runbooks/engine';
import type { Evaluation, Question } from '../../evaluation/evaluation';
import { measured } from '../../view/measured';
import type { Tone } from '../../words/verdict';
import { testIds } from '../testIds';
import { toneText } from '../tone';
import { EvidenceDetail } from './EvidenceDetail';

export type EvidenceKind = 'for' | 'against' | 'unknown';

const KINDS: Readonly<Record<EvidenceKind, { icon: IconName; tone: Tone; label: string }>> = {
  for: { icon: 'plus-circle', tone: 'warning', label: 'Speaks for it' },
  against: { icon: 'minus-circle', tone: 'neutral', label: 'Speaks against it' },
  unknown: { icon: 'question-circle', tone: 'unknown', label: 'Not known' },
};

interface Props {
  kind: EvidenceKind;
  contribution: Contribution;
  bound: BoundPack;
  question: Question;
  evaluation: Evaluation;
}

/** One piece of evidence: what it says, the number behind it, and on demand the plot or the rows. */
export function EvidenceRow({ kind, contribution, bound, question, evaluation }: Props) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const [open, setOpen] = useState(false);
  const { icon, tone, label } = KINDS[kind];
  const signal = bound.pack.signals[contribution.signal];
  return (
    <li data-testid={testIds.runbook.evidence(contribution.signal)} data-state={contribution.outcome.state}>
      <button type="button" className={styles.row} aria-expanded={open} onClick={() => setOpen(!open)}>
        <span style={{ color: toneText(theme, tone) }} className={styles.icon}>
          <Icon name={icon} size="sm" title={label} />
        </span>
        <span className={styles.says}>{contribution.says || signal?.title || contribution.signal}</span>
        <span className={styles.value}>{measured(contribution.outcome, signal)}</span>
        <Icon key={String(open)} name={open ? 'angle-up' : 'angle-down'} size="sm" aria-hidden />
      </button>
      {open && signal && (
        <EvidenceDetail
          signal={signal}
          outcome={contribution.outcome}
          bound={bound}
          question={question}
          evaluation={evaluation}
        />
      )}
    </li>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  row: css({
    all: 'unset',
    boxSizing: 'border-box',
    cursor: 'pointer',
    width: '100%',
    display: 'grid',
    gridTemplateColumns: `${theme.spacing(2)} minmax(0, 1fr) auto ${theme.spacing(2)}`,
    gap: theme.spacing(1),
    alignItems: 'baseline',
    padding: theme.spacing(0.375, 0.75),
    '> :last-child': { alignSelf: 'center' },
    marginLeft: theme.spacing(-0.75),
    borderRadius: theme.shape.radius.default,
    '&:hover': { background: theme.colors.action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}` },
  }),
  icon: css({ display: 'inline-flex', alignSelf: 'center' }),
  says: css({ overflowWrap: 'anywhere' }),
  value: css({
    ...theme.typography.bodySmall,
    color: theme.colors.text.secondary,
    fontVariantNumeric: 'tabular-nums',
    whiteSpace: 'nowrap',
  }),
});
