import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { Pack, Runbook } from '@live-runbooks/engine';
import { guideLabel } from '../../words/guide';
import { capital } from '../../words/sentence';

/** What this runbook is about, in one quiet line. */
export function RunbookFacts({ pack, runbook }: { pack: Pack; runbook: Runbook }) {
  const styles = useStyles2(getStyles);
  const facts: Array<readonly [string, string]> = [
    ['Service', pack.title],
    ['Area', capital(runbook.area)],
    ['Alerts', runbook.alerts.join(', ')],
    [guideLabel(runbook), runbook.covers.join(', ')],
  ];
  return (
    <dl className={styles.facts}>
      {facts
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name} className={styles.fact}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  facts: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5, 2.5), margin: 0 }),
  fact: css({
    display: 'flex',
    gap: theme.spacing(0.75),
    dt: {
      color: theme.colors.text.secondary,
      fontWeight: theme.typography.fontWeightRegular,
      whiteSpace: 'nowrap',
    },
    dd: { margin: 0 },
  }),
});
