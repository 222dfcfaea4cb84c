import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { BoundPack, Contribution } from '@live-runbooks/engine';
import type { Evaluation, Question } from '../../evaluation/evaluation';
import { EvidenceRow, type EvidenceKind } from './EvidenceRow';

interface Props {
  title: string;
  kind: EvidenceKind;
  contributions: readonly Contribution[];
  bound: BoundPack;
  question: Question;
  evaluation: Evaluation;
}

/** The evidence of one side, the weightiest first. */
export function EvidenceList({ title, kind, contributions, bound, question, evaluation }: Props) {
  const styles = useStyles2(getStyles);
  if (contributions.length === 0) {
    return null;
  }
  const weightiest = [...contributions].sort((a, b) => weight(b) - weight(a));
  return (
    <div>
      <h4 className={styles.title}>{title}</h4>
      <ul className={styles.list}>
        {weightiest.map((contribution) => (
          <EvidenceRow
            key={contribution.signal}
            kind={kind}
            contribution={contribution}
            bound={bound}
            question={question}
            evaluation={evaluation}
          />
        ))}
      </ul>
    </div>
  );
}

/** What an unknown could tell at most counts as its weight. */
function weight(c: Contribution): number {
  return c.outcome.state === 'unknown' ? c.best - c.worst : Math.abs(c.weight);
}

const getStyles = (theme: GrafanaTheme2) => ({
  title: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary, margin: theme.spacing(0, 0, 0.25) }),
  list: css({ listStyle: 'none', margin: 0, padding: 0 }),
});
