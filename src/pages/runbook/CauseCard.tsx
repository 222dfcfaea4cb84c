import React, { useEffect, useRef, useState } from 'react';
import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import type { BoundPack, Runbook, WasTrue } from '@live-runbooks/engine';
import { testIds } from '../../components/testIds';
import { toneBorder } from '../../components/tone';
import { BADGE_WIDTH, VerdictBadge } from '../../components/VerdictBadge';
import type { Evaluation, Question } from '../../evaluation/evaluation';
import { isLive, refutation, type CauseView } from '../../view/ranked';
import { clock } from '../../words/amounts';
import { WAS_TRUE, wasTrueWords } from '../../words/recovered';
import { sentence } from '../../words/sentence';
import { CHECKING, VERDICTS, type Tone } from '../../words/verdict';
import { CauseBody } from './CauseBody';

interface Props {
  view: CauseView;
  /** Set when it was true and is over. */
  wasTrue: WasTrue | undefined;
  /** The verdict above already says its sentence. */
  said: boolean;
  /** The link that was followed names this cause. */
  chosen: boolean;
  bound: BoundPack;
  runbook: Runbook;
  question: Question;
  evaluation: Evaluation | undefined;
}

export function CauseCard({ view, wasTrue, said: saidAbove, chosen, bound, runbook, question, evaluation }: Props) {
  const { cause, ranked, rank } = view;
  const wording = wasTrue ? WAS_TRUE : ranked ? VERDICTS[ranked.verdict] : CHECKING;
  const styles = useStyles2(getStyles, wording.tone);
  const live = isLive(ranked);
  const explainedBy = live ? ranked?.explainedBy : undefined;
  // Open until a person says otherwise, when there is something to act on or the link led here.
  const [said, setSaid] = useState<boolean>();
  const open = said ?? ((live && explainedBy === undefined) || chosen);
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (chosen) {
      card.current?.scrollIntoView?.({ block: 'nearest' });
    }
  }, [chosen]);
  const says =
    wasTrue && evaluation
      ? `${wasTrueWords(wasTrue, evaluation.judgedAt)}: ${sentence(wasTrue.says)}`
      : ranked?.verdict === 'refuted'
        ? refutation(ranked)
        : explainedBy
          ? `Explained by: ${explainedBy.title}`
          : live && !saidAbove
            ? ranked?.says
            : undefined;

  return (
    <article
      ref={card}
      id={cause.id}
      className={cx(styles.card, live && styles.live)}
      data-testid={testIds.runbook.cause(cause.id)}
      data-verdict={wasTrue ? 'was-true' : ranked?.verdict}
      data-rank={rank}
    >
      <button type="button" className={styles.head} aria-expanded={open} onClick={() => setSaid(!open)}>
        <Icon key={String(open)} name={open ? 'angle-down' : 'angle-right'} aria-hidden />
        <VerdictBadge wording={wording} />
        <span className={styles.title}>{cause.title}</span>
        <span className={styles.since}>
          {live && ranked?.since !== undefined && evaluation && `since ${clock(ranked.since, evaluation.judgedAt)}`}
        </span>
      </button>
      {says && <p className={styles.says}>{says}</p>}
      {open && ranked && evaluation && (
        <CauseBody
          cause={cause}
          ranked={ranked}
          live={live}
          bound={bound}
          runbook={runbook}
          question={question}
          evaluation={evaluation}
        />
      )}
    </article>
  );
}

const getStyles = (theme: GrafanaTheme2, tone: Tone) => ({
  card: css({
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    minWidth: 0,
  }),
  live: css({ borderLeft: `4px solid ${toneBorder(theme, tone)}`, background: theme.colors.background.secondary }),
  head: css({
    all: 'unset',
    boxSizing: 'border-box',
    cursor: 'pointer',
    display: 'grid',
    gridTemplateColumns: `${theme.spacing(2)} ${theme.spacing(BADGE_WIDTH)} minmax(0, 1fr) auto`,
    gap: theme.spacing(1),
    alignItems: 'center',
    width: '100%',
    padding: theme.spacing(1.25, 1.5),
    '&:hover': { background: theme.colors.action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
  }),
  title: css({ fontWeight: theme.typography.fontWeightMedium, overflowWrap: 'anywhere' }),
  since: css({
    ...theme.typography.bodySmall,
    color: theme.colors.text.secondary,
    fontVariantNumeric: 'tabular-nums',
    whiteSpace: 'nowrap',
  }),
  says: css({ margin: 0, padding: theme.spacing(0, 2, 1.25, 4.5), maxWidth: '92ch', overflowWrap: 'anywhere' }),
});
