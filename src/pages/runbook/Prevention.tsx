import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { alertHold, type BoundPack, type Runbook } from '@live-runbooks/engine';
import { plainList } from '../../components/lists';
import { Section } from '../../components/Section';
import { testIds } from '../../components/testIds';
import { testInWords } from '../../view/measured';
import { durationInWords } from '../../words/amounts';
import { unbroken } from '../../words/sentence';

/** The alerts that would have told earlier, with the thresholds and times that their rules have in Prometheus. */
export function Prevention({ bound, runbook }: { bound: BoundPack; runbook: Runbook }) {
  const styles = useStyles2(getStyles);
  if (runbook.prevention.length === 0) {
    return null;
  }
  return (
    <Section title="Prevention" data-testid={testIds.runbook.prevention}>
      <ul className={styles.list}>
        {runbook.prevention.map((p) => {
          const signal = bound.pack.signals[p.signal];
          const hold = alertHold(bound, p);
          return (
            <li key={p.alert}>
              <div>
                <strong>{p.alert}</strong> <span className={styles.weak}>{p.severity}</span>
              </div>
              <div className={styles.weak}>
                {unbroken(
                  `${signal ? `${signal.title}: ${testInWords(signal, p.severity)}` : p.signal} for ${hold === undefined ? 'an unknown time' : durationInWords(hold)}`
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css(plainList(theme, 1)),
  weak: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
});
