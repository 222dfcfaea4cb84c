import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { Runbook } from '@live-runbooks/engine';
import { plainList } from '../../components/lists';
import { Section } from '../../components/Section';
import { testIds } from '../../components/testIds';
import { guideSections } from '../../words/guide';

/** What the written guide says and this runbook does not follow, and why. */
export function Corrections({ runbook }: { runbook: Runbook }) {
  const styles = useStyles2(getStyles);
  if (runbook.corrections.length === 0) {
    return null;
  }
  return (
    <Section title="Differs from the guide" note={guideSections(runbook)} data-testid={testIds.runbook.corrections}>
      <ul className={styles.list}>
        {runbook.corrections.map((c) => (
          <li key={c.guide}>
            <del className={styles.weak}>{c.guide}</del>
            <div>{c.instead}</div>
            <div className={styles.weak}>{c.why}</div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css(plainList(theme, 1.25)),
  weak: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
});
