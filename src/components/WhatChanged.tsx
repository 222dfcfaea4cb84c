import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { Changes } from '@live-runbooks/engine';
import { changeWords, orderWords, whenWords } from '../words/changes';
import { framedList } from './lists';
import { Section } from './Section';
import { testIds } from './testIds';

interface Props {
  /** Undefined where nothing is wrong, and where nothing could show a change. */
  changes: Changes | undefined;
  judgedAt: number;
}

/** What changed around the trouble, those before it began first, and what could not be asked. A change alone proves nothing. */
export function WhatChanged({ changes, judgedAt }: Props) {
  const styles = useStyles2(getStyles);
  if (changes === undefined) {
    return null;
  }
  const { onset } = changes;
  const began = onset === undefined ? 'when it began is not known' : `it began ${whenWords(onset, judgedAt)}`;
  return (
    <Section title="What changed" note={changes.changes.length > 0 && began} data-testid={testIds.runbook.changes}>
      <ul className={styles.list}>
        {changes.changes.map((change) => (
          <li key={change.key} className={styles.row} data-order={change.order}>
            <span>{changeWords(change)}</span>
            <span className={styles.weak}>{orderWords(change, onset, judgedAt)}</span>
          </li>
        ))}
        {changes.unknown.map((one) => (
          <li key={`${one.where} ${one.what}`} className={styles.row}>
            <span className={styles.weak}>Not known: {changeWords(one)}</span>
          </li>
        ))}
        {changes.changes.length + changes.unknown.length === 0 && (
          <li className={styles.row}>
            <span className={styles.weak}>No change was seen.</span>
          </li>
        )}
      </ul>
    </Section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css(framedList(theme)),
  row: css({
    display: 'grid',
    gap: theme.spacing(0.25),
    padding: theme.spacing(1, 2),
    overflowWrap: 'anywhere',
    fontVariantNumeric: 'tabular-nums',
  }),
  weak: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
});
