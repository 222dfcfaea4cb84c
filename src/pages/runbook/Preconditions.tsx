import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2, useTheme2 } from '@grafana/ui';
import type { FilledFix } from '@live-runbooks/engine';
import { testIds } from '../../components/testIds';
import { toneText } from '../../components/tone';
import { preconditionWord } from '../../words/fixes';

/** Of the column of labels in a fix, in units of the theme: as wide as the longest, "condition met" with its icon. */
export const LABEL_WIDTH = 15;

/** What has to be the case before the command makes sense, and whether it is. */
export function Preconditions({ filled }: { filled: FilledFix }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  if (filled.preconditions.length === 0) {
    return null;
  }
  return (
    <ul className={styles.list} aria-label="Preconditions">
      {filled.preconditions.map((p) => {
        const { word, icon, tone } = preconditionWord(p);
        return (
          <li
            key={p.signal}
            className={styles.item}
            data-testid={testIds.runbook.precondition}
            data-state={p.state}
            data-met={p.state === p.wanted}
          >
            <span className={styles.word} style={{ color: toneText(theme, tone) }}>
              <Icon key={icon} name={icon} size="sm" aria-hidden /> {word}
            </span>
            <span>{p.says || p.title}</span>
          </li>
        );
      })}
    </ul>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none', margin: 0, padding: 0, display: 'grid', gap: theme.spacing(0.25) }),
  item: css({
    display: 'grid',
    gridTemplateColumns: `${theme.spacing(LABEL_WIDTH)} minmax(0, 1fr)`,
    gap: theme.spacing(1.5),
    overflowWrap: 'anywhere',
  }),
  word: css({ whiteSpace: 'nowrap' }),
});
